namespace VisionSeqModels.Samples;

/// <summary>The command that repeats what this process does.</summary>
public static class CommandText
{
    /// <summary>As it can be typed: a program that was started through its assembly begins with <c>dotnet</c>.</summary>
    public static string OfThisProcess { get; } = Of(Environment.CommandLine, Environment.GetCommandLineArgs()[0]);

    private static string Of(string command, string program) =>
        program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? $"dotnet {command}" : command;
}
