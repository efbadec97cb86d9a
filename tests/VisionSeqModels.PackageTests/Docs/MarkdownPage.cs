using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Docs;

/// <summary>A page of the documentation, and what tests need to know about it.</summary>
internal sealed partial record MarkdownPage(string Name, string Text)
{
    private static readonly string[] Above = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "samples/README.md"];

    /// <summary>The pages above docs/ and those in it, by their paths from the repository's root, with '/'.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } =
    [
        .. Above
            .Select(name => Path.Combine(PackedLibrary.Repository, name))
            .Concat(
                Directory
                    .GetFiles(Path.Combine(PackedLibrary.Repository, "docs"), "*.md", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
            )
            .Select(path => new MarkdownPage(
                Path.GetRelativePath(PackedLibrary.Repository, path).Replace('\\', '/'),
                File.ReadAllText(path).ReplaceLineEndings("\n")
            )),
    ];

    public IEnumerable<CodeBlock> Blocks =>
        Fence()
            .Matches(Text)
            .Select(match => new CodeBlock(
                Name,
                LineOf(match.Groups["code"].Index),
                match.Groups["language"].Value,
                Named(match, "program"),
                match.Groups["code"].Value
            )
            {
                Output = Named(match, "output"),
                Step = Named(match, "step"),
            });

    /// <summary>The page without its fenced blocks.</summary>
    public string TextWithoutBlocks => Fence().Replace(Text, "");

    /// <summary>The page without its code.</summary>
    public string Prose => InlineCode().Replace(TextWithoutBlocks, "");

    /// <summary>What a link's part behind '#' may name: GitHub's anchors of the headings.</summary>
    public IReadOnlySet<string> Anchors =>
        Heading()
            .Matches(TextWithoutBlocks)
            .Select(match => NotInAnchors().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'))
            .ToHashSet();

    private static string Named(Match fence, string role) => fence.Groups["role"].Value == role ? fence.Groups["name"].Value : "";

    private int LineOf(int index) => Text.AsSpan(0, index).Count('\n') + 1;

    [GeneratedRegex(
        @"(<!-- (?<role>program|output|step): (?<name>\S+) -->\s*)?^```(?<language>[^`\n]*)\n(?<code>.*?)^```$",
        RegexOptions.Singleline | RegexOptions.Multiline
    )]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
