using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Docs;

/// <summary>Links lead somewhere, and every page and picture has a link to it.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages => [.. MarkdownPage.All.Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_LeadToFilesAndHeadings(string name)
    {
        var page = MarkdownPage.All.Single(page => page.Name == name);
        string[] broken = [.. Targets(page).Where(target => !IsThere(page, target))];
        Assert.Empty(broken);
    }

    [Fact]
    public void Pictures_AreShownOnSomePage()
    {
        var shown = MarkdownPage.All.SelectMany(page => Targets(page).Select(target => PathOf(page, target))).ToHashSet();
        string[] unused =
        [
            .. Directory
                .GetFiles(Path.Combine(PackedLibrary.Repository, "docs", "images"), "*", SearchOption.AllDirectories)
                .Where(file => !shown.Contains(file)),
        ];
        Assert.Empty(unused);
    }

    [Fact]
    public void Pages_AreLinkedFromAnotherPage()
    {
        var linked = MarkdownPage
            .All.SelectMany(page => Targets(page).Select(target => PathOf(page, target)).Where(path => path != PathOf(page, "")))
            .ToHashSet();
        string[] alone =
        [
            .. MarkdownPage
                .All.Where(page => page.Name != "README.md" && !linked.Contains(PathOf(page, "")))
                .Select(page => page.Name),
        ];
        Assert.Empty(alone);
    }

    /// <summary>Comments in the sources name pages too.</summary>
    [Fact]
    public void Sources_NamePagesThatAreThere()
    {
        string[] broken =
        [
            .. SourceFiles.All.SelectMany(file =>
                PageName()
                    .Matches(file.Text)
                    .Select(match => match.Groups[1].Value)
                    .Where(page => !File.Exists(Path.Combine(PackedLibrary.Repository, page)))
                    .Select(page => $"{file.Name}: {page}")
            ),
        ];
        Assert.Empty(broken);
    }

    private static IEnumerable<string> Targets(MarkdownPage page) =>
        Link()
            .Matches(page.Prose)
            .Select(match => match.Groups[1].Value)
            .Where(target => !target.StartsWith("https://", StringComparison.Ordinal));

    private static bool IsThere(MarkdownPage page, string target)
    {
        string path = PathOf(page, target);
        string anchor = target.Contains('#', StringComparison.Ordinal)
            ? target[(target.IndexOf('#', StringComparison.Ordinal) + 1)..]
            : "";
        return anchor.Length == 0
            ? Path.Exists(path)
            : MarkdownPage.All.SingleOrDefault(other => PathOf(other, "") == path)?.Anchors.Contains(anchor) == true;
    }

    /// <summary>The file or folder that a link on a page leads to; the page itself where it names none.</summary>
    private static string PathOf(MarkdownPage page, string target)
    {
        string path = Path.Combine(PackedLibrary.Repository, page.Name);
        string file = target.Split('#')[0];
        return Path.TrimEndingDirectorySeparator(
            Path.GetFullPath(file.Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, file))
        );
    }

    [GeneratedRegex(@"\]\(([^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"//[^\n]*\b(docs/[\w/.-]+\.md)\b")]
    private static partial Regex PageName();
}
