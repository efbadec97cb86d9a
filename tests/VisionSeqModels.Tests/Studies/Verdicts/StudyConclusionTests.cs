using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyConclusionTests
{
    private const double Small = 1 / 128.0;

    [Fact]
    public void Comparisons_AreOfTheFirstWithThoseThatDifferInOneFactor()
    {
        var conclusion = Of(
            TheStudy with
            {
                Plan = StudyPlanKind.OneAtATime,
            },
            At("base", "1", "32", 0.5),
            At("rate 2", "2", "32", 0.75),
            At("both", "2", "128", 0.25),
            Trial("size 64", null, factors: [("rate", "1"), ("size", "64")])
        );
        Assert.Equal(
            [("rate", "2", "1", "rate 2", 0.75, 0.5), ("size", "64", "32", "size 64", null, (double?)null)],
            conclusion.Factors.Select(one => (one.Factor, one.Value, one.BaseValue, one.Setting, one.Mean, one.BaseMean))
        );
        Assert.All(conclusion.Factors, factor => Assert.Equal("test_accuracy", factor.Metric));
        Assert.Equal(
            [
                [],
                ["size 64 (failed)"],
            ],
            conclusion.Factors.Select(factor => factor.LeftOut)
        );
        Assert.Empty(conclusion.Interactions);
        Assert.Empty(conclusion.Maps);
        Assert.Equal((null, null, ""), (conclusion.Importance, conclusion.Coordinates, conclusion.Method));
    }

    [Fact]
    public void Sentences_AreTheBestAndEachFactors()
    {
        var conclusion = Of(TheStudy, Trial("a", 0.5), Trial("b", 0.75));
        Assert.Equal([conclusion.Best, conclusion.Factors[0].Sentence], conclusion.Sentences);
        Assert.Equal(string.Join('\n', conclusion.Sentences), conclusion.ToString());
    }

    /// <summary>Eight equal differences are 1/128 by chance, none at all is no difference.</summary>
    [Fact]
    public void FirstOfAList_IsComparedWithEach()
    {
        var conclusion = Of(
            TheStudy,
            [
                .. Seeds("a", [.. Enumerable.Repeat(0.5, 8)]),
                .. Seeds("b", [.. Enumerable.Repeat(0.75, 8)]),
                .. Seeds("c", [.. Enumerable.Repeat(0.5, 8)]),
            ]
        );
        Assert.Equal([2 / 128.0, 1], conclusion.Factors.Select(factor => factor.CorrectedP!.Value));
        Assert.Equal([1 / 128.0, 1], conclusion.Factors.Select(factor => factor.P!.Value));
        Assert.EndsWith(
            "It is better than every other setting (p = 0.023, corrected for picking the best: 3 pairs of settings).",
            conclusion.Best,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void GridsMeans_AreOfSeedsThatHaveAll()
    {
        var study = TheStudy with { Plan = StudyPlanKind.Grid };
        var conclusion = Of(
            study,
            At("1 32", "1", "32", 0.5),
            At("1 64", "1", "64", 0.25),
            At("2 32", "2", "32", 1),
            At("2 64", "2", "64", 2),
            At("1 32", "1", "32", 8, seed: 2)
        );
        var (rate, size) = (conclusion.Factors[0], conclusion.Factors[1]);
        Assert.Equal(
            ("rate", "2", "1", "", 1.5, 0.375, 1.125),
            (rate.Factor, rate.Value, rate.BaseValue, rate.Setting, rate.Mean, rate.BaseMean, rate.Difference)
        );
        Assert.Equal(["size"], rate.AveragedOver);
        Assert.Equal(["rate"], size.AveragedOver);
        Assert.Equal(("64", "32", 1.125, 0.75), (size.Value, size.BaseValue, size.Mean, size.BaseMean));
        Assert.Equal((1, 2), (rate.Pairs, rate.AllPairs));
        var both = Assert.Single(conclusion.Interactions);
        Assert.Equal(
            ("rate", "2", "size", "64", 1.25),
            (both.Factor, both.Value, both.OtherFactor, both.OtherValue, both.Difference) // 2 − 1 − 0.25 + 0.5
        );
        Assert.Equal("test_accuracy", both.Metric);
        Assert.Equal(2, both.Scale);
        var map = Assert.Single(conclusion.Maps);
        Assert.Equal(("rate", "size"), (map.RowFactor, map.ColumnFactor));
        Assert.Equal(
            new[,]
            {
                { 4.25, 0.25 },
                { 1, 2 },
            },
            map.Means
        );
    }

    [Fact]
    public void GridOfThreeFactors_HasAllPairsOfValues()
    {
        string[] values = ["1", "2", "3"];
        var conclusion = Of(
            TheStudy with
            {
                Plan = StudyPlanKind.Grid,
            },
            [
                .. from a in values
                from b in values[..2]
                from c in values[..2]
                select Trial($"{a} {b} {c}", 0.5, factors: [("a", a), ("b", b), ("c", c)]),
            ]
        );
        Assert.Equal(
            [("a", "2"), ("a", "3"), ("b", "2"), ("c", "2")],
            conclusion.Factors.Select(factor => (factor.Factor, factor.Value))
        );
        Assert.Equal(["b", "c"], conclusion.Factors[0].AveragedOver);
        Assert.Equal(
            [("a", "2", "b"), ("a", "3", "b"), ("a", "2", "c"), ("a", "3", "c"), ("b", "2", "c")],
            conclusion.Interactions.Select(pair => (pair.Factor, pair.Value, pair.OtherFactor))
        );
    }

    [Fact]
    public void GridOverFolds_IsCorrectedForTrainingSamplesInCommon()
    {
        var study = TheStudy with
        {
            Plan = StudyPlanKind.Grid,
            Folds = new StudyFolds
            {
                Count = 5,
                Seed = 0,
                Stratified = true,
                Grouped = false,
            },
        };
        var conclusion = Of(
            study,
            [
                .. from cell in Cells(2)
                from fold in new[] { 1, 2, 3 }
                select At($"{cell}", $"{cell.Rate}", $"{cell.Size}", cell.Rate * fold / 4.0) with
                {
                    Fold = fold,
                },
            ]
        );
        Assert.Equal(new PairedSample([0.25, 0.5, 0.75], heldOutRatio: 0.25).P, conclusion.Factors[0].P);
    }

    [Fact]
    public void CellWithoutAResult_IsNotANumber_AndNamed()
    {
        var conclusion = Of(
            TheStudy with
            {
                Plan = StudyPlanKind.Grid,
            },
            At("1 32", "1", "32", 0.5),
            At("1 64", "1", "64", 0.25),
            At("2 32", "2", "32", 1),
            At("2 64", "2", "64", null)
        );
        Assert.Equal(
            new[,]
            {
                { 0.5, 0.25 },
                { 1, double.NaN },
            },
            conclusion.Maps[0].Means
        );
        Assert.All(conclusion.Factors, factor => Assert.Equal((null, null, 0), (factor.Mean, factor.BaseMean, factor.Pairs)));
        Assert.Equal(["2 64 (failed)"], conclusion.Interactions[0].LeftOut);
    }

    [Fact]
    public void InteractionsThatAreNotShown_AreCounted()
    {
        var none = Grid((_, _, _) => 0);
        Assert.Equal("No interaction of two values is shown: 0 undecided, 1 not larger than 0.01.", none.Sentences[^1]);
        var open = Grid((rate, size, shake) => rate * size * 16 * shake);
        Assert.Equal("No interaction of two values is shown: 1 undecided, 0 not larger than 0.01.", open.Sentences[^1]);
        var shown = Grid((rate, size, shake) => rate * size * (0.25 + shake));
        Assert.Equal([.. shown.Factors.Select(one => one.Sentence), shown.Interactions[0].Sentence], shown.Sentences.Skip(1));
        var some = Grid((rate, size, shake) => (rate == 1 && size == 1 ? 0.25 + shake : 0) + (0.125 * rate), rates: 3);
        Assert.Equal([true, false], some.Interactions.Select(pair => pair.Exists));
        Assert.Equal("No other interaction of two values is shown: 0 undecided, 1 not larger than 0.01.", some.Sentences[^1]);
        var one = Of(
            TheStudy with
            {
                Plan = StudyPlanKind.Grid,
            },
            [.. Cells(2).Select(cell => At($"{cell}", $"{cell.Rate}", $"{cell.Size}", 0.5))]
        );
        Assert.Equal(3, one.Sentences.Count); // one seed: nothing is tested, so nothing is counted
    }

    [Fact]
    public void Method_SaysHowVerdictsCameAbout()
    {
        var trials = Seeds("a", [0.5, 0.5]).Concat(Seeds("b", [0.75, 1])).ToArray();
        Assert.Equal(
            "Differences are taken in pairs over the seeds. Better and worse: a t test for pairs has p < 0.05. No difference "
                + "larger than 0.005 (1 % of the base's mean): two one-sided t tests have p < 0.05. Intervals are those of each "
                + "comparison by itself. Seeds that would decide: so many that four of five such studies have a verdict, if "
                + "difference and spread are as seen.",
            Of(TheStudy, trials).Method
        );
        string asked = Of(TheStudy with { EquivalenceMargin = 0.25 }, [.. trials, .. Seeds("c", [0.75, 1])]).Method;
        Assert.Contains(
            "has p < 0.05 after Holm's correction for 2 comparisons. No difference larger than 0.25 (as the study asked): two "
                + "one-sided t tests have p < 0.05, corrected likewise. Intervals",
            asked,
            StringComparison.Ordinal
        );
        TrialResult[] folds = [.. trials.Select(trial => trial with { Seed = 1, Fold = (int)trial.Seed })];
        Assert.StartsWith(
            "Differences are taken in pairs over the folds. Better and worse: a t test for pairs, corrected for the training "
                + "samples that folds have in common (Nadeau and Bengio 2003) has p < 0.05.",
            Of(TheStudy, folds).Method,
            StringComparison.Ordinal
        );
        Assert.Equal("", Of(TheStudy, Trial("a", 0.5), Trial("b", 0.5)).Method);
        Assert.Equal("", Of(TheStudy, Trial("a", 0.5), Trial("b", 0.5, seed: 2)).Method);
    }

    private static StudyConclusion Grid(Func<int, int, double, double> value, int rates = 2) =>
        Of(
            TheStudy with
            {
                EquivalenceMargin = 0.01,
                Plan = StudyPlanKind.Grid,
            },
            [
                .. from cell in Cells(rates)
                from seed in Enumerable.Range(1, 10)
                select At(
                    $"{cell}",
                    $"{cell.Rate}",
                    $"{cell.Size}",
                    0.5 + value(cell.Rate, cell.Size, seed % 2 == 0 ? Small : -Small),
                    seed
                ),
            ]
        );

    private static IEnumerable<(int Rate, int Size)> Cells(int rates) =>
        from rate in Enumerable.Range(0, rates)
        from size in new[] { 0, 1 }
        select (rate, size);

    private static TrialResult At(string name, string rate, string size, double? score, long seed = 1) =>
        Trial(name, score, seed, null, ("rate", rate), ("size", size));

    private static StudyConclusion Of(StudyFile study, params TrialResult[] trials) => new(new StudySummary(study, trials));
}
