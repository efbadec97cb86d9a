using System.Diagnostics;

namespace VisionSeqModels.Tests;

/// <summary>Runs a sample in a pseudo-terminal, by Python's pty module.</summary>
internal static class PseudoTerminal
{
    public const string Missing = "It needs python3 (3.9 or later) with its pty module: a Unix system.";

    private static readonly Lazy<bool> Found = new(Find);

    public static bool IsThere => Found.Value;

    /// <param name="folder">Working directory and home of caches.</param>
    /// <param name="columns">The terminal's columns; with several it is resized while the sample runs.</param>
    /// <param name="environment">Variables besides.</param>
    /// <param name="sample">The sample and its command line.</param>
    /// <returns>What the sample wrote to the terminal.</returns>
    public static string Run(
        TempFolder folder,
        string columns,
        IReadOnlyDictionary<string, string?> environment,
        string sample,
        params string[] arguments
    )
    {
        string script = Path.Combine(Sample.Folder, "..", "tests", "VisionSeqModels.Samples.Tests", "pty_run.py");
        var start = Start([script, columns, "dotnet", Sample.Assembly(sample), .. arguments]);
        start.WorkingDirectory = folder.Root;
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["XDG_CACHE_HOME"] = folder["cache"];
        start.Environment["OMP_NUM_THREADS"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}\n{output}\n{errors.Result}");
        return output;
    }

    private static bool Find()
    {
        try
        {
            using var process = Process.Start(Start(["-c", "import pty, fcntl, os; os.waitstatus_to_exitcode"]));
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // there is no python3
        }
    }

    private static ProcessStartInfo Start(IEnumerable<string> arguments) =>
        new("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
}
