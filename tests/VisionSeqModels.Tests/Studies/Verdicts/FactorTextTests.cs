using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class FactorTextTests
{
    private static readonly JudgedPairs Open = MadeUpPairs.Open;

    [Theory]
    [InlineData(0.01, 0.3, true, Verdict.Better)]
    [InlineData(0.01, 0.3, false, Verdict.Worse)]
    [InlineData(0.01, 0.01, true, Verdict.Better)]
    [InlineData(0.2, 0.01, true, Verdict.Equivalent)]
    [InlineData(0.2, 0.3, true, Verdict.Undecided)]
    [InlineData(null, null, true, Verdict.Undecided)]
    public void Verdict_FollowsFromBothTests(double? p, double? equivalence, bool higher, Verdict verdict) =>
        Assert.Equal(verdict, new FactorVerdict(Open with { P = p, EquivalenceP = equivalence }, higher).Verdict);

    [Fact]
    public void NegativeDifference_IsBetterWhereLowerIs()
    {
        var down = Open with { Sample = new PairedSample([-1, -2, -3]), P = 0.01 };
        Assert.Equal(
            (Verdict.Worse, Verdict.Better),
            (new FactorVerdict(down, higherIsBetter: true).Verdict, new FactorVerdict(down, higherIsBetter: false).Verdict)
        );
    }

    [Fact]
    public void Sentence_SaysWhatIsCompared_TheVerdict_AndTheNumbers()
    {
        var factor = Of(Open with { P = 0.01 });
        Assert.Equal(
            "batch size 64 against 32: better. Final test accuracy 3.0000 against 1.0000: +2.0000 (95 % interval -0.4841 to "
                + "+4.4841, 3 seeds), p = 0.010.",
            factor.Sentence
        );
        Assert.Equal(factor.Sentence, factor.ToString());
        Assert.StartsWith(
            "batch size 64 against 32: worse. ",
            Of(Open with { P = 0.01 }, false).Sentence,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "batch size 64 against 32: no difference larger than 0.5. ",
            Of(Open with { EquivalenceP = 0.01 }).Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Programs_HaveTheNumbers()
    {
        var judged = Open with { P = 0.25, EquivalenceP = 0.375, Comparisons = 4, AllPairs = 7 };
        var factor = Of(judged);
        Assert.Equal(judged.Sample.P, factor.P);
        Assert.Equal(judged.Sample.Interval, factor.Interval);
        Assert.Equal((0.25, 0.375, 0.5), (factor.CorrectedP, factor.CorrectedEquivalenceP, factor.Margin));
        Assert.Equal((4, 3, 7), (factor.Comparisons, factor.Pairs, factor.AllPairs));
        Assert.Equal(judged.SeedsToDecide, factor.SeedsToDecide);
        var pair = new InteractionVerdict(judged);
        Assert.Equal(judged.Sample.Interval, pair.Interval);
        Assert.Equal((0.25, 0.375), (pair.CorrectedP, pair.CorrectedEquivalenceP));
    }

    [Fact]
    public void Setting_IsNamedByItself_AndAGridsFactorWithWhatItIsAveragedOver()
    {
        var setting = new FactorVerdict(Open, true)
        {
            Factor = "setting",
            Value = "b",
            BaseValue = "a",
            Setting = "b",
        };
        Assert.StartsWith("“b” against “a”: undecided. ", setting.Sentence, StringComparison.Ordinal);
        var other = new FactorVerdict(Open, true)
        {
            Factor = "setting",
            Value = "b",
            BaseValue = "a",
            Setting = "c",
        };
        Assert.StartsWith("setting b against a: undecided. ", other.Sentence, StringComparison.Ordinal);
        var grid = new FactorVerdict(Open, true)
        {
            Factor = "rate",
            Value = "2",
            BaseValue = "1",
            AveragedOver = ["size", "depth"],
        };
        Assert.StartsWith("rate 2 against 1, averaged over size and depth: undecided. ", grid.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAPair_ThereAreNoNumbers()
    {
        var none = Of(Open with { Sample = new PairedSample([]), P = null, EquivalenceP = null });
        Assert.Null(none.Difference);
        Assert.Equal("batch size 64 against 32: undecided. No pair of trials has a final test accuracy.", none.Sentence);
        Assert.Equal("undecided (0 of 3 pairs)", none.Summary);
        Assert.Equal(2, Of(Open).Difference);
    }

    [Fact]
    public void LargerOfBothMeans_DecidesHowNumbersAreWritten()
    {
        var small = new FactorVerdict(Open with { Sample = new PairedSample([-0.9998]) }, true)
        {
            Metric = "loss",
            Mean = 0.0002,
            BaseMean = -1,
        };
        Assert.Contains("Final loss 0.0002 against -1.0000: -0.9998. ", small.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_IsTheVerdictWithItsPValue()
    {
        Assert.Equal("undecided, p = 0.200", Of(Open).Summary);
        Assert.Equal("better, p = 0.010 (3 of 4 pairs)", Of(Open with { P = 0.01, AllPairs = 4 }).Summary);
        Assert.Equal("no difference larger than 0.5, p = 0.010", Of(Open with { EquivalenceP = 0.01 }).Summary);
    }

    [Fact]
    public void LeftOut_AreNamed()
    {
        Assert.Equal("", FactorText.LeftOut([]));
        Assert.Equal(" Left out with its pair: a (failed).", FactorText.LeftOut(["a (failed)"]));
        Assert.Equal(" Left out with their pairs: a; b.", FactorText.LeftOut(["a", "b"]));
    }

    [Fact]
    public void Interaction_IsSaidLikewise()
    {
        var pair = new InteractionVerdict(Open with { P = 0.01 })
        {
            Factor = "rate",
            Value = "2",
            OtherFactor = "size",
            OtherValue = "64",
            Metric = "test_loss",
            Scale = 1,
            LeftOut = ["a"],
        };
        Assert.Equal(
            "rate 2 with size 64: they interact. Together they change the final test loss by +2.0000 beyond the sum of both "
                + "(95 % interval -0.4841 to +4.4841, 3 seeds), p = 0.010. Left out with its pair: a.",
            pair.Sentence
        );
        Assert.Equal(pair.Sentence, pair.ToString());
        Assert.Equal((true, 2), (pair.Exists, pair.Difference));
        var small = new InteractionVerdict(Open with { EquivalenceP = 0.01 });
        Assert.False(small.Exists);
        Assert.Contains(": no interaction larger than 0.5. ", small.Sentence, StringComparison.Ordinal);
        var none = new InteractionVerdict(Open with { Sample = new PairedSample([]) });
        Assert.Equal((null, null), (none.Exists, none.Difference));
        Assert.Contains(
            ": undecided whether they interact. No seed has a result for all four settings.",
            none.Sentence,
            StringComparison.Ordinal
        );
    }

    private static FactorVerdict Of(JudgedPairs judged, bool higherIsBetter = true) =>
        new(judged, higherIsBetter)
        {
            Factor = "batch size",
            Value = "64",
            BaseValue = "32",
            Setting = "batch size 64",
            Metric = "test_accuracy",
            Mean = judged.Sample.Count == 0 ? null : 3,
            BaseMean = judged.Sample.Count == 0 ? null : 1,
        };
}
