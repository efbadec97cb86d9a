using System.Diagnostics;

namespace VisionSeqModels.Tests;

/// <summary>A console that is full, closed, or read by a program that ends: one sentence, and an exit code that says
/// it.</summary>
public sealed class ConsoleTests
{
    private const string Small = "--data synthetic --quick --train-limit 64 --test-limit 32 --epochs 1";
    private const string Full =
        "Standard output cannot be written: No space left on device. Make room, or send it to another place.";

    /// <summary>Runs a sample in a shell, which sends its output elsewhere.</summary>
    [LinuxTheory]
    [InlineData("--help", "> /dev/full", 1, Full)]
    [InlineData(Small, "> /dev/full", 1, Full)]
    [InlineData(Small, "> /dev/full 2> /dev/full", 1, "")]
    [InlineData(Small, ">&-", 1, "Standard output cannot be written")]
    [InlineData("--lr x", "2> /dev/full", 2, "")]
    [InlineData("--help", "| head -1; exit ${PIPESTATUS[0]}", 0, "")]
    [InlineData(Small, "| head -1; exit ${PIPESTATUS[0]}", 0, "")]
    public void ConsoleThatCannotBeWritten_IsOneSentenceAndAnExitCode(string arguments, string output, int exitCode, string error)
    {
        using var folder = new TempFolder();
        var (code, text) = Shell(folder, $"dotnet {Sample.Assembly("QuickStart")} {arguments} {output}");

        Assert.True(code == exitCode, $"exit code {code}: {text}");
        Assert.Contains(error, text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    /// <summary>Every sample says it when its help cannot be written.</summary>
    [LinuxTheory]
    [MemberData(nameof(CommandLineTests.Samples), MemberType = typeof(CommandLineTests))]
    public void HelpOfEverySample_OnAFullConsole_IsOneSentence(string sample)
    {
        using var folder = new TempFolder();
        var (code, text) = Shell(folder, $"dotnet {Sample.Assembly(sample)} --help > /dev/full");
        Assert.Equal((1, Full), (code, text.Trim()));
    }

    private static (int Code, string Error) Shell(TempFolder folder, string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", command])
        {
            WorkingDirectory = folder.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["XDG_CACHE_HOME"] = folder["cache"];
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        output.Wait();
        return (process.ExitCode, error);
    }
}
