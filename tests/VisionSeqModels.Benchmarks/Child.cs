using System.Diagnostics;
using System.Globalization;

namespace VisionSeqModels.Benchmarks;

/// <summary>This program once more, for what must be measured in a process of its own.</summary>
internal static class Child
{
    /// <summary>Runs a command and gives what it printed.</summary>
    public static string Run(params object[] arguments) => Run([], arguments);

    /// <summary>The same with variables of the environment, each <c>NAME=VALUE</c>.</summary>
    public static string Run(string[] variables, params object[] arguments)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture)!)
        )
        {
            RedirectStandardOutput = true,
        };
        foreach (string[] variable in variables.Select(variable => variable.Split('=')))
        {
            start.Environment[variable[0]] = variable[1];
        }

        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException("The measured process failed; what it said stands above.");
    }
}
