using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Docs;

/// <summary>Compares what a page says that a program prints with what it printed.</summary>
/// <remarks>The page's blocks, one after the other, are the whole output. Numbers are masked, since processors differ; so are
/// runs of spaces. A line "…" stands for any lines, "…" within a line for any text. Empty lines do not count.</remarks>
internal static partial class ProgramOutput
{
    private const string LeftOut = "…";

    /// <summary>What differs, with the line of the page; null where nothing does.</summary>
    public static string? Fault(IReadOnlyList<CodeBlock> blocks, string printed)
    {
        var expected = blocks.SelectMany(Lines).ToList();
        string actual = string.Concat(printed.ReplaceLineEndings("\n").Split('\n').Select(Masked).Where(IsText).Select(Ended));
        for (int count = 1; count <= expected.Count; count++)
        {
            if (!Matches(expected.Take(count).Append((0, LeftOut)), actual))
            {
                var (line, text) = expected[count - 1];
                return $"{blocks[0].Page}:{line}: the program did not print '{text}' here. It printed:\n{printed}";
            }
        }

        return Matches(expected, actual)
            ? null
            : $"{blocks[0].Page}: the program printed more than the page shows. It printed:\n{printed}";
    }

    private static IEnumerable<(int Line, string Text)> Lines(CodeBlock block) =>
        block.Code.Split('\n').Select((text, i) => (block.Line + i, text)).Where(line => IsText(line.text));

    private static bool Matches(IEnumerable<(int Line, string Text)> expected, string actual) =>
        Regex.IsMatch(actual, $"^{string.Concat(expected.Select(line => Pattern(line.Text)))}$", RegexOptions.CultureInvariant);

    private static string Pattern(string line) =>
        line.Trim() == LeftOut
            ? "(?:[^\n]*\n)*?"
            : Regex.Escape(Masked(line)).Replace(LeftOut, "[^\n]*", StringComparison.Ordinal) + "\n";

    private static string Masked(string line) => Spaces().Replace(Number().Replace(line, "#"), " ").Trim();

    private static bool IsText(string line) => line.Trim().Length > 0;

    private static string Ended(string line) => line + "\n";

    // A digit within a name, such as conv1, is no number.
    [GeneratedRegex(@"(?<![\p{L}\d_])[-+]?\d[\d.,]*(?:e[-+]?\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
