using System.ComponentModel;
using System.Diagnostics;

namespace VisionSeqModels.Tests.Inference;

/// <summary>A Python with the package onnx, where there is one (on Debian: python3-onnx).</summary>
internal static class OnnxPython
{
    private static readonly Lazy<string?> Found = new(() =>
        PyTorch.Programs.FirstOrDefault(python => Run(python, "import onnx").ExitCode == 0)
    );

    public static string? Python => Found.Value;

    /// <summary>Runs a script with arguments and fails with what it said where it fails.</summary>
    public static string Output(string script, params string[] arguments)
    {
        var (exitCode, output, errors) = Run(Python!, script, arguments);
        Assert.True(exitCode == 0, errors);
        return output;
    }

    private static (int ExitCode, string Output, string Errors) Run(string python, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, ["-c", script, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output.GetAwaiter().GetResult(), errors);
        }
        catch (Win32Exception e)
        {
            return (-1, "", e.Message); // no such program
        }
    }
}
