using System.Diagnostics;

namespace VisionSeqModels.Tests;

/// <summary>A Python with Pillow, where there is one.</summary>
internal static class Pillow
{
    public const string Missing =
        "No Python with Pillow and NumPy was found (on Debian: the packages python3-pil and python3-numpy).";

    private static readonly Lazy<string?> Found = new(() => PyTorch.Programs.FirstOrDefault(HasPillow));

    public static string? Python => Found.Value;

    /// <summary>Runs a script of TestData/images and fails with what it said where it fails.</summary>
    /// <returns>What it wrote.</returns>
    public static string Run(string script, params string[] arguments)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "TestData", "images", script);
        var (exitCode, output, errors) = Start(Python!, [path, .. arguments]);
        Assert.True(exitCode == 0, errors);
        return output;
    }

    private static bool HasPillow(string python)
    {
        try
        {
            return Start(python, ["-c", "import PIL.Image, numpy"]).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no such program
        }
    }

    private static (int ExitCode, string Output, string Errors) Start(string program, string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true }
        )!;
        var output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        string written = output.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, written, errors);
    }
}
