using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Docs;

/// <summary>The pages for contributors name types that exist.</summary>
public sealed partial class TypeNameTests
{
    private static readonly HashSet<string> Declared =
    [
        .. SourceFiles.All.SelectMany(file => Declaration().Matches(file.Text)).Select(match => match.Groups[1].Value),
    ];

    [Theory]
    [InlineData("docs/architecture.md")]
    [InlineData("CONTRIBUTING.md")]
    public void Page_NamesTypesOfTheSources(string name)
    {
        string prose = MarkdownPage.All.Single(page => page.Name == name).TextWithoutBlocks;
        string[] named = [.. TypeName().Matches(prose).Select(match => match.Groups[1].Value).Distinct()];

        Assert.NotEmpty(named);
        Assert.All(named, type => Assert.Contains(type, Declared));
    }

    [GeneratedRegex(@"\b(?:class|record struct|record|struct|enum|interface)\s+(\w+)")]
    private static partial Regex Declaration();

    // At least two capitals, so that `Persist` is not taken for a type; a member may follow.
    [GeneratedRegex(@"`([A-Z]\w*[a-z0-9][A-Z]\w*)(?:\.\w+)?`")]
    private static partial Regex TypeName();
}
