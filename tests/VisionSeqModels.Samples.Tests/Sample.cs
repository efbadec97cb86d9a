using System.Diagnostics;
using System.Reflection;

namespace VisionSeqModels.Tests;

/// <summary>Starts a built sample as a user would, in a folder of its own, with a data cache of its own.</summary>
internal static class Sample
{
    public static string Folder => Metadata("SamplesFolder");

    public static string[] All =>
        [
            .. Directory
                .GetFiles(Folder, "Program.cs", SearchOption.AllDirectories)
                .Select(path => Path.GetFileName(Path.GetDirectoryName(path)!)),
        ];

    /// <summary>The built assembly of a sample.</summary>
    public static string Assembly(string name) =>
        Path.Combine(Folder, name, "bin", Metadata("Configuration"), "net10.0", name + ".dll");

    public static SampleResult Run(string name, TempFolder folder, params string[] arguments) =>
        RunAndInterrupt(name, folder, interruptOn: null, arguments);

    /// <summary>Runs a sample on a system that is set to another language.</summary>
    public static SampleResult RunIn(string locale, string name, TempFolder folder, params string[] arguments) =>
        RunAndInterrupt(name, folder, interruptOn: null, arguments, locale);

    /// <param name="name">The sample's project.</param>
    /// <param name="folder">Working directory and home of caches.</param>
    /// <param name="interruptOn">Send SIGINT when a line of output begins so; null for never.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="locale">The system's language; null for this one's.</param>
    public static SampleResult RunAndInterrupt(
        string name,
        TempFolder folder,
        string? interruptOn,
        string[] arguments,
        string? locale = null
    )
    {
        var start = new ProcessStartInfo("dotnet", [Assembly(name), .. arguments])
        {
            WorkingDirectory = folder.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_CACHE_HOME"] = folder["cache"];
        start.Environment["LOCALAPPDATA"] = folder["cache"];
        // other tests run beside: threads that wait for one another's cores take minutes for seconds
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0"; // short runs
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        if (locale is not null)
        {
            start.Environment["LC_ALL"] = locale;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        while (process.StandardOutput.ReadLine() is string line)
        {
            lines.Add(line);
            if (interruptOn is not null && line.StartsWith(interruptOn, StringComparison.Ordinal))
            {
                Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
                interruptOn = null;
            }
        }

        process.WaitForExit();
        return new SampleResult(process.ExitCode, string.Join('\n', lines), errors.Result.Trim());
    }

    /// <summary>Runs a command as a user types it.</summary>
    public static SampleResult Shell(TempFolder folder, string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", command])
        {
            WorkingDirectory = folder.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_CACHE_HOME"] = folder["cache"];
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new SampleResult(process.ExitCode, output, errors.Result.Trim());
    }

    private static string Metadata(string key) =>
        typeof(Sample).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
