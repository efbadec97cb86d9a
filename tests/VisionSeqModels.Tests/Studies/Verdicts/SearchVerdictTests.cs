using System.Globalization;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a search's settings show: lines across axes, and importance.</summary>
public sealed class SearchVerdictTests
{
    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void TenSettingsWithAResult_AreEnough(int count, bool areEnough)
    {
        TrialResult[] trials = [.. Enumerable.Range(1, count).Select(i => At(i, i)), Trial("none", null)];
        var conclusion = new StudyConclusion(Sampled(trials));
        Assert.Equal(areEnough, conclusion.Importance is not null);
        Assert.Equal(areEnough, conclusion.Coordinates is not null);
        Assert.Equal(areEnough ? 2 : 1, conclusion.Sentences.Count);
    }

    [Fact]
    public void Lines_GoThroughValuesAndResult_TheBestFirst()
    {
        var lines = ParallelCoordinates.Of(Sampled([.. Enumerable.Range(1, 10).Select(i => At(i, 2 * i))]))!;
        Assert.Equal(["rate", "kind", "final test accuracy"], lines.Axes.Select(axis => axis.Name));
        Assert.Equal([(0, "1"), (1, "10")], lines.Axes[0].Ticks); // more than seven numbers: the ends
        Assert.Equal([(0, "even"), (1, "odd")], lines.Axes[1].Ticks); // as they come among the ranked
        Assert.Equal([(0, "2.0000"), (1, "20.0000")], lines.Axes[2].Ticks);
        Assert.Equal(Enumerable.Range(0, 10), lines.Lines.Select(line => line.Rank));
        Assert.Equal(("s10", "s1"), (lines.Lines[0].Setting, lines.Lines[9].Setting));
        Assert.Equal([1, 0, 1], lines.Lines[0].Places);
        Assert.Equal([0, 1, 0], lines.Lines[9].Places);
    }

    [Fact]
    public void EqualResults_StandInTheMiddle()
    {
        var lines = ParallelCoordinates.Of(Sampled([.. Enumerable.Range(1, 10).Select(i => At(i, 0.5))]))!;
        Assert.Equal([(0.5, "0.5000")], lines.Axes[^1].Ticks);
        Assert.All(lines.Lines, line => Assert.Equal(0.5, line.Places[^1]));
    }

    [Fact]
    public void SevenTicks_AreShown_AndAllTexts()
    {
        var seven = ParallelCoordinates.Of(
            Sampled([
                .. Enumerable.Range(0, 14).Select(i => Trial($"s{i}", i, factors: [("rate", $"{i % 7}"), ("kind", $"k{i}")])),
            ])
        )!;
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], seven.Axes[0].Ticks.Select(tick => tick.Label));
        Assert.Equal(14, seven.Axes[1].Ticks.Count);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0.7)]
    [InlineData(2, 0.4)]
    [InlineData(3, 0.12)]
    public void BetterLines_AreFuller(int rank, double fullness)
    {
        (string, IReadOnlyList<double>, int)[] lines =
        [
            .. Enumerable.Range(0, 4).Select(i => ("", (IReadOnlyList<double>)[], i)),
        ];
        Assert.Equal(fullness, new ParallelCoordinates([], lines).Fullness(rank), 1e-12);
    }

    [Fact]
    public void Importance_IsAFractionAFactor_TheLargestFirst()
    {
        var importance = SearchImportance.Of(
            Sampled([
                .. Enumerable
                    .Range(0, 60)
                    .Select(i => Trial($"s{i}", i % 5, factors: [("kind", $"{i % 3}"), ("rate", $"{i % 5}")])),
            ])
        )!;
        Assert.Equal(("test_accuracy", 60), (importance.Metric, importance.Settings));
        Assert.Equal(["rate", "kind"], importance.Factors.Select(factor => factor.Factor));
        var (rate, kind) = (importance.Factors[0].Fraction, importance.Factors[1].Fraction);
        Assert.InRange(rate, 0.9, 1);
        Assert.Equal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Importance for the final test accuracy: rate {rate:0.00}, kind {kind:0.00}; several together "
            )
                + string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, 1 - rate - kind):0.00}. These are fractions of the ")
                + "variance that a random forest finds between 60 settings (fANOVA); its trees explain "
                + string.Create(CultureInfo.InvariantCulture, $"{100 * importance.Explained:0} % of that between settings that ")
                + "they have not seen.",
            importance.Sentence
        );
        Assert.Equal(importance.Sentence, importance.ToString());
    }

    [Fact]
    public void FactorsOfNoImportance_AreInTheOrderOfTheirNames_AndNothingIsSaidOfThem()
    {
        var importance = SearchImportance.Of(
            Sampled([.. Enumerable.Range(0, 12).Select(i => Trial($"s{i}", 1, factors: [("z", $"{i}"), ("a", $"{i % 2}")]))])
        )!;
        Assert.Equal(["a", "z"], importance.Factors.Select(factor => factor.Factor));
        Assert.Equal(
            "Which factor matters cannot be said from 12 settings: a random forest predicts the final test accuracy of those "
                + "that it has not seen no better than their mean does.",
            importance.Sentence
        );
    }

    /// <summary>What varies only among trials that failed has no importance.</summary>
    [Fact]
    public void FactorThatIsTheSameAmongResults_HasNone()
    {
        TrialResult[] same = [.. Enumerable.Range(0, 12).Select(i => Trial($"s{i}", i, factors: [("rate", "1")]))];
        Assert.Null(SearchImportance.Of(Sampled([.. same, Trial("failed", null, factors: [("rate", "2")])])));
    }

    private static TrialResult At(int i, double score) =>
        Trial($"s{i}", score, factors: [("rate", $"{i}"), ("kind", i % 2 == 0 ? "even" : "odd")]);

    private static StudySummary Sampled(TrialResult[] trials) => new(TheStudy with { Plan = StudyPlanKind.Sampled }, trials);
}
