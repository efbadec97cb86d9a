using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Docs;

/// <summary>Whoever meets a public type finds a page that speaks of it.</summary>
public sealed partial class PublicTypeTests
{
    [Fact]
    public void EveryPublicType_StandsOnAPage()
    {
        string[] types =
        [
            .. Directory
                .GetFiles(Path.Combine(PackedLibrary.Repository, "src"), "PublicAPI.*.txt", SearchOption.AllDirectories)
                .SelectMany(File.ReadLines)
                .Select(line => TypeLine().Match(line))
                .Where(match => match.Success)
                .Select(match => match.Groups["name"].Value)
                .Distinct(),
        ];
        var named = MarkdownPage
            .All.Where(page => !page.Name.StartsWith("docs/decisions/", StringComparison.Ordinal) && page.Name != "CHANGELOG.md")
            .SelectMany(page => Name().Matches(page.Text).Select(match => match.Value))
            .ToHashSet();

        Assert.True(types.Length > 300, $"Only {types.Length} public types were found.");
        string[] missing = [.. types.Where(type => !named.Contains(type))];
        Assert.Empty(missing);
    }

    // A line with a type alone: no member, no parameters.
    [GeneratedRegex(@"^VisionSeqModels(\.[A-Z]\w*)*?\.(?<name>[A-Z]\w*)(<[^>]*>)?$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"\b[A-Z]\w*\b")]
    private static partial Regex Name();
}
