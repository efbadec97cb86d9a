namespace VisionSeqModels.Samples;

/// <summary>The command that continues what this process began.</summary>
internal static class ContinueCommand
{
    /// <summary>This process's command with the run folder and, where there is a run in it, with <c>--resume</c>.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="continues">Whether the sample continues what is in its folder without being asked to.</param>
    public static string Of(string folder, bool continues)
    {
        string[] line = Environment.GetCommandLineArgs();
        return Of(line[0], line[1..], folder, resume: !continues && RunFolder.IsTaken(folder));
    }

    /// <param name="program">The program, or its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="resume">Whether <c>--resume</c> is needed.</param>
    public static string Of(string program, IEnumerable<string> arguments, string folder, bool resume)
    {
        List<string> all = [.. arguments];
        if (!all.Exists(text => text == "--out" || text.StartsWith("--out=", StringComparison.Ordinal)))
        {
            all.AddRange(["--out", folder]);
        }

        if (resume && !all.Contains("--resume"))
        {
            all.Add("--resume");
        }

        bool isAssembly = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        return string.Join(
            ' ',
            all.Prepend(program).Select(Quoted).Prepend(isAssembly ? "dotnet" : "").Where(text => text != "")
        );
    }

    /// <summary>A text as a shell takes it for one argument.</summary>
    private static string Quoted(string text) =>
        text.Length > 0 && text.All(letter => char.IsLetterOrDigit(letter) || "-_./:=\\,+".Contains(letter)) ? Plain(text)
        : OperatingSystem.IsWindows() ? $"\"{text}\""
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Plain(string text) => OperatingSystem.IsWindows() || !text.Contains('\\') ? text : $"'{text}'";
}
