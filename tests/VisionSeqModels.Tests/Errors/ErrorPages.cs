using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Errors;

/// <summary>The pages in docs/errors, and docs/errors.md above them.</summary>
internal static partial class ErrorPages
{
    private static readonly string Docs = Path.Combine(Repository.Root, "docs");

    public static string Index { get; } = File.ReadAllText(Path.Combine(Docs, "errors.md")).ReplaceLineEndings("\n");

    /// <summary>The pages' names, for example <c>data.md</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory
            .GetFiles(Path.Combine(Docs, "errors"), "*.md")
            .Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal),
    ];

    public static IReadOnlyList<ErrorRow> Rows { get; } =
    [
        .. Names.SelectMany(page =>
            File.ReadLines(Path.Combine(Docs, "errors", page))
                .Select(line => Row().Match(line))
                .Where(row => row.Success)
                .Select(row => new ErrorRow(
                    page,
                    row.Groups["id"].Value,
                    row.Groups["cause"].Value,
                    row.Groups["message"].Value.Replace("\\|", "|", StringComparison.Ordinal),
                    row.Groups["advice"].Value
                ))
        ),
    ];

    [GeneratedRegex(@"^\| `(?<id>[a-z0-9-]+)` \| (?<cause>.*) \| `(?<message>[^`]*)` \| (?<advice>.*) \|$")]
    private static partial Regex Row();
}
