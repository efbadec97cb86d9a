using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyTableTests
{
    private static readonly string[] Usual =
    [
        "setting",
        "rate",
        "final test accuracy",
        "best test accuracy",
        "at epoch",
        "final test loss",
        "seconds",
        "samples/s",
        "parameters",
        "outcome",
    ];

    [Fact]
    public void Columns_AreWhatEachSettingIs_HowWellItDid_AndWhatItCost()
    {
        var table = Table(Ran("a", "1", 0.4, 0.9), Ran("b", "2", 0.5, 0.8));
        Assert.Equal(Usual, table.Columns);
        Assert.Equal(["a", "1", "0.4000", "0.4000", "1", "0.9000", "0.0", "1", "", "completed"], table.Cells[0]);
        Assert.Equal(["b", "2", "0.5000", "0.5000", "1", "0.8000", "0.0", "1", "", "completed"], table.Cells[1]);
    }

    [Fact]
    public void FactorThatIsTheName_IsNotRepeated() =>
        Assert.DoesNotContain("rate", Table(Ran("1", "1", 0.4, 0.9), Ran("2", "2", 0.5, 0.8)).Columns);

    [Fact]
    public void FactorThatIsTheNameOfSomeOnly_IsAColumn() =>
        Assert.Contains("rate", Table(Ran("1", "1", 0.4, 0.9), Ran("b", "2", 0.5, 0.8)).Columns);

    [Fact]
    public void Epochs_AreAColumn_WhereTheyDiffer()
    {
        var longer = Trial("b", 0.5) with { History = History("test_accuracy", 0.4, 0.5) };
        var table = Table(Ran("a", "1", 0.4, 0.9), longer);
        Assert.Equal(["1", "2"], Column(table, "epochs"));
    }

    [Fact]
    public void LossThatDecides_HasNoSecondColumn()
    {
        var summary = new StudySummary(
            TheStudy with
            {
                Monitor = "test_loss",
                HigherIsBetter = false,
            },
            [Ran("a", "1", 0.4, 0.9), Ran("b", "2", 0.5, 0.8)]
        );
        var table = new StudyTable(summary, new StudyConclusion(summary));
        Assert.Equal(1, table.Columns.Count(column => column == "final test loss"));
        Assert.Equal("best test loss", table.Columns[3]);
    }

    [Fact]
    public void ComparisonWithTheFirst_IsAColumn_WhereThereAreSeeds()
    {
        var table = Table([.. Seeds("a", [0.5, 0.5]), .. Seeds("b", [0.75, 0.75])]);
        Assert.Equal("against “a”", table.Columns[^2]);
        Assert.Equal(["", "undecided, p = 0.500"], Column(table, "against “a”"));
        Assert.DoesNotContain(Table(Trial("a", 0.5), Trial("b", 0.75)).Columns, IsComparison);
        Assert.DoesNotContain(Table([.. Seeds("a", [0.5, 0.5])]).Columns, IsComparison);
    }

    [Theory]
    [InlineData(24, false)]
    [InlineData(25, true)]
    public void LongNameOfTheFirst_IsNotInTheHeading(int length, bool isLong)
    {
        string name = new('n', length);
        var table = Table([.. Seeds(name, [0.5, 0.5]), .. Seeds("b", [0.75, 0.75])]);
        Assert.Equal(isLong ? "against the first" : $"against “{name}”", table.Columns.Single(IsComparison));
    }

    [Fact]
    public void Best_IsTheLargestOrTheLeast_OfSettingsThatEndedWell()
    {
        var failed = Ran("failed", "4", 0.9, 0.1) with { Score = null, Outcome = StopReason.NonFinite };
        var table = Table(Ran("a", "1", 0.4, 0.9), Ran("b", "2", 0.5, 0.7), Ran("c", "3", 0.5, 0.8), failed);
        Assert.Equal([1, 2], Best(table, "final test accuracy"));
        Assert.Equal([1, 2], Best(table, "best test accuracy"));
        Assert.Equal([1], Best(table, "final test loss"));
        Assert.All(["setting", "rate", "seconds", "samples/s", "outcome"], column => Assert.Empty(Best(table, column)));
    }

    [Fact]
    public void LessTimeIsBetter_AndMoreSamplesASecond()
    {
        TrialResult Took(string setting, double seconds, double samples)
        {
            var history = History([Epoch.Of(1, "test_accuracy", 0.5) with { SamplesPerSecond = samples }]);
            history.Seconds = seconds;
            return Trial(setting, 0.5) with { History = history };
        }

        var table = Table(Took("a", 10, 100), Took("b", 20, 200));
        Assert.Equal([0], Best(table, "seconds"));
        Assert.Equal([1], Best(table, "samples/s"));
    }

    [Fact]
    public void Page_HasTheResultAndTheComparisonFirst_FoldsDetails_AndMarksTheSame()
    {
        var table = Table([.. Seeds("a", [0.5, 0.5], ("rate", "1")), .. Seeds("b", [0.75, 0.75], ("rate", "2"))]);
        var page = table.OnPage(setting => setting.Name == "b" ? "b/report.html" : null);
        Assert.Equal(
            [
                "setting",
                "final test accuracy",
                "against “a”",
                "rate",
                "best test accuracy",
                "at epoch",
                "final train loss",
                "seconds",
                "samples/s",
                "parameters",
                "outcome",
            ],
            page.Columns
        );
        Assert.Equal(["b", "0.7500 ± 0.0000", "undecided, p = 0.500", "2"], page.Rows[1].Take(4));
        Assert.Equal([4, 5, 8, 9], Enumerable.Range(0, page.Columns.Count).Where(page.IsFolded!));
        Assert.Equal(
            [(1, 1)],
            from row in new[] { 0, 1 }
            from column in Enumerable.Range(0, 11)
            where page.Best!(row, column)
            select (row, column)
        );
        Assert.Equal((null, "b/report.html"), (page.Link!(0), page.Link(1)));
        Assert.True(page.HasTools);
    }

    private static bool IsComparison(string column) => column.StartsWith("against", StringComparison.Ordinal);

    private static IEnumerable<string> Column(StudyTable table, string name)
    {
        int column = table.Columns.ToList().IndexOf(name);
        return table.Cells.Select(row => row[column]);
    }

    private static IEnumerable<int> Best(StudyTable table, string name)
    {
        int column = table.Columns.ToList().IndexOf(name);
        return Enumerable.Range(0, table.Cells.Count).Where(row => table.IsBest(row, column));
    }

    private static TrialResult Ran(string setting, string rate, double accuracy, double loss) =>
        Trial(setting, accuracy, factors: [("rate", rate)]) with
        {
            History = History([
                Epoch.Of(1, new Dictionary<string, double> { ["test_accuracy"] = accuracy, ["test_loss"] = loss }),
            ]),
        };

    private static StudyTable Table(params TrialResult[] trials)
    {
        var summary = Summary(trials);
        return new StudyTable(summary, new StudyConclusion(summary));
    }
}
