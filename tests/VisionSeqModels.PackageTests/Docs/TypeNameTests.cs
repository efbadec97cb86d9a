using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Docs;

/// <summary>The pages for contributors name types that exist.</summary>
public sealed partial class TypeNameTests
{
    /// <summary>Types, and the folders and projects that they are in.</summary>
    private static readonly HashSet<string> Declared =
    [
        .. SourceFiles.All.SelectMany(file => Declaration().Matches(file.Text)).Select(match => match.Groups[1].Value),
        .. SourceFiles.All.SelectMany(file => file.Name.Split('/', '.')),
    ];

    [Theory]
    [InlineData("docs/architecture.md")]
    [InlineData("CONTRIBUTING.md")]
    public void Page_NamesTypesOfTheSources(string name)
    {
        string prose = MarkdownPage.All.Single(page => page.Name == name).TextWithoutBlocks;
        string[] named = [.. TypeName().Matches(prose).Select(match => match.Groups[1].Value).Distinct()];

        Assert.NotEmpty(named);
        string[] unknown = [.. named.Where(type => !Declared.Contains(type))];
        Assert.Empty(unknown);
    }

    [GeneratedRegex(@"\b(?:class|record struct|record|struct|enum|interface)\s+(\w+)")]
    private static partial Regex Declaration();

    // At least two capitals, so that `Persist` is not taken for a type; a member may follow.
    [GeneratedRegex(@"`([A-Z]\w*[a-z0-9][A-Z]\w*)(?:\.\w+)?`")]
    private static partial Regex TypeName();
}
