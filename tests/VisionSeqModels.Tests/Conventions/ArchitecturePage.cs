using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Conventions;

/// <summary>The table in docs/architecture.md of which floor uses which, made from the compiled library.</summary>
internal static class ArchitecturePage
{
    private const string Begin = "<!-- floors:begin -->\n";
    private const string End = "<!-- floors:end -->";
    private const string Accept = "VISIONSEQ_APPROVE";

    public static void AssertShows(IReadOnlySet<(string User, string Used)> uses)
    {
        string path = Path.Combine(Repository.Root, "docs", "architecture.md");
        string page = File.ReadAllText(path).ReplaceLineEndings("\n");
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(
            begin >= Begin.Length && end >= begin,
            $"docs/architecture.md has no block between {Begin.Trim()} and {End}."
        );
        string table = Table(uses);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            AtomicFile.WriteAllText(path, page[..begin] + table + page[end..]);
            return;
        }

        Assert.True(
            page[begin..end] == table,
            $"The floors have other uses now. If that is meant, run this test with {Accept}=1."
        );
    }

    private static string Table(IReadOnlySet<(string User, string Used)> uses)
    {
        var rows = Floors.FromTheGroundUp.Reverse().Select(floor => $"| {floor} | {Used(floor, uses)} |\n");
        return $"| floor | uses |\n| --- | --- |\n{string.Concat(rows)}";
    }

    private static string Used(string floor, IReadOnlySet<(string User, string Used)> uses)
    {
        var below = uses.Where(use => Floors.Of(use.User) == floor)
            .Select(use => Floors.Of(use.Used))
            .Distinct()
            .Where(used => Floors.Height(used) < Floors.Height(floor))
            .OrderByDescending(Floors.Height);
        string all = string.Join(", ", below);
        return all.Length == 0 ? "nothing" : all;
    }
}
