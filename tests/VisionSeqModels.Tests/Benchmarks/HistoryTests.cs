using VisionSeqModels.Benchmarks.History;

namespace VisionSeqModels.Tests.Benchmarks;

/// <summary>The history of measured commits: <c>interleave --history</c>.</summary>
public sealed class HistoryTests
{
    private static readonly HistoryEntry Entry = new(
        "aebb552",
        "2026-11-27",
        "AMD EPYC",
        "AVX2",
        2,
        "1.13",
        5,
        [new("lenet", 2, new Dictionary<string, double[]> { [HistoryResult.ByHand] = [0.95, 0.935, 1.018] })]
    );

    private static string Kept => Path.Combine(Repository.Root, "docs", "performance-history.jsonl");

    [Fact]
    public void Lines_AreReadAsTheyWereWritten_OneAnEntry()
    {
        using var folder = new TempFolder();
        string file = folder["history.jsonl"];
        Assert.Empty(HistoryFile.Read(file));
        HistoryFile.Append(file, Entry);
        HistoryFile.Append(file, Entry with { Commit = "1234567", Rounds = null });
        Assert.Equal(2, File.ReadLines(file).Count());
        var read = HistoryFile.Read(file);
        Assert.Equal(Entry with { Results = read[0].Results }, read[0]);
        Assert.Equal((null, "1234567"), (read[1].Rounds, read[1].Commit));
        Assert.Equal([0.95, 0.935, 1.018], read[1].Results.Single().FitBy[HistoryResult.ByHand]);
    }

    [Theory]
    [InlineData(null, "", "No commit is checked out")]
    [InlineData("1234567", " M src/A.cs\n", "The working tree differs from commit 1234567")]
    [InlineData("aebb552", "\n", "The history has a line of commit aebb552 on this processor already")]
    public void AMeasurement_IsRefused_WhereItsLineWouldBeOfNoCommitOrASecondOne(
        string? commit,
        string changes,
        string refusal
    ) => Assert.StartsWith(refusal, HistoryFile.Refusal([Entry], commit, changes, "AMD EPYC"), StringComparison.Ordinal);

    [Fact]
    public void AMeasurement_OfAnotherCommitOrProcessor_IsALine()
    {
        Assert.Null(HistoryFile.Refusal([Entry], "aebb552", "", "another"));
        Assert.Null(HistoryFile.Refusal([Entry], "1234567", "\n", "AMD EPYC"));
    }

    [Fact]
    public void TheKeptHistory_HasOneLineACommitAndProcessor_AndRatiosWithinTheirIntervals()
    {
        var entries = HistoryFile.Read(Kept);
        Assert.NotEmpty(entries);
        Assert.Distinct(entries.Select(entry => (entry.Commit, entry.Processor)));
        string[] known = [HistoryResult.ByHand, HistoryResult.DataLoader, HistoryResult.Modules, HistoryResult.PyTorch];
        foreach (var result in entries.SelectMany(entry => entry.Results))
        {
            Assert.All(result.FitBy.Keys, key => Assert.Contains(key, known));
            Assert.All(result.FitBy.Values, ratio => Assert.InRange(ratio[0], ratio[1], ratio[2]));
        }
    }

    [Fact]
    public void TheChart_HasARowForEachKindOfVectors()
    {
        var one = HistoryChart.Draw([Entry, Entry], threads: 2);
        var two = HistoryChart.Draw([Entry, Entry with { Vectors = "AVX-512" }], threads: 2);
        Assert.Equal((one.Width, one.Height * 2), (two.Width, two.Height));
    }
}
