using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Conventions;

/// <summary>docs/reliability.md names tests that there are.</summary>
public sealed partial class ReliabilityPageTests
{
    [Fact]
    public void EachPromise_NamesTestsThatThereAre()
    {
        var tests = SourceFiles.In("tests").Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet();
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reliability.md"));
        var named = TestName().Matches(page).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(tests));
    }

    [GeneratedRegex("`([A-Za-z0-9]+Tests)`")]
    private static partial Regex TestName();
}
