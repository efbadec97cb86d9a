using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A comparison among others, and how it is said.</summary>
public sealed class JudgedPairsTests
{
    private static readonly JudgedPairs Open = MadeUpPairs.Open;

    [Theory]
    [InlineData(0.0499, true)]
    [InlineData(0.05, false)]
    [InlineData(null, false)]
    public void Claim_NeedsAPValueBelowTheLevel(double? p, bool isShown)
    {
        Assert.Equal(isShown, (Open with { P = p }).IsDifferent);
        Assert.Equal(isShown, (Open with { EquivalenceP = p }).IsEquivalent);
    }

    [Fact]
    public void SeedsToDecide_AreThoseOfUndecidedComparisonsOfSeveralPairs()
    {
        Assert.Equal(DecisionPower.Pairs(Open.Sample, 0.5, 0.05), Open.SeedsToDecide);
        Assert.Equal(DecisionPower.Pairs(Open.Sample, 0.5, 0.01), (Open with { Comparisons = 5 }).SeedsToDecide);
        Assert.Equal(DecisionPower.Pairs(Open.Sample, 0.5, 0.05, step: 3) / 3, (Open with { PairsPerSeed = 3 }).SeedsToDecide);
        Assert.Null((Open with { P = 0.01 }).SeedsToDecide);
        Assert.Null((Open with { EquivalenceP = 0.01 }).SeedsToDecide);
        Assert.Null((Open with { Sample = new PairedSample([1]) }).SeedsToDecide);
    }

    /// <summary>Two comparisons have pairs enough for a test, the one between them has not.</summary>
    [Fact]
    public void Family_CorrectsThoseThatAreTested()
    {
        var summary = Summary(Trial("a", -4), Trial("a", -4, seed: 2));
        var family = JudgedPairs.Family(
            summary,
            [(new PairedSample([1, 2, 3]), 3), (new PairedSample([1]), 3), (new PairedSample([0.25, 0.25]), 4)]
        );
        Assert.Equal(0.0741799 * 2, family[0].P!.Value, 1e-6);
        Assert.Equal((null, null), (family[1].P, family[1].EquivalenceP));
        Assert.Equal(0.5, family[2].P);
        Assert.All(family, pairs => Assert.Equal((2, 0.04), (pairs.Comparisons, pairs.Margin))); // a hundredth of 4
        Assert.Equal([3, 3, 4], family.Select(pairs => pairs.AllPairs));
        Assert.All(family, pairs => Assert.Equal(("seed", 1), (pairs.PairOf, pairs.PairsPerSeed)));
    }

    [Fact]
    public void Margin_IsTheStudys_ElseAHundredthOfTheFirstMean()
    {
        StudySummary Of(double? margin, double? score) => new(TheStudy with { EquivalenceMargin = margin }, [Trial("a", score)]);
        double Margin(StudySummary summary) => JudgedPairs.Family(summary, [(new PairedSample([]), 1)])[0].Margin;
        Assert.Equal(0.5, Margin(Of(0.5, 4)));
        Assert.Equal(0.04, Margin(Of(null, 4)));
        Assert.Equal(0, Margin(Of(null, null)));
    }

    [Fact]
    public void Pairs_AreOfSeedsOrFolds()
    {
        JudgedPairs Of(params TrialResult[] trials) => JudgedPairs.Family(Summary(trials), [(new PairedSample([1, 2]), 2)])[0];
        var folds = Of(Trial("a", 1, fold: 1), Trial("a", 1, fold: 2));
        Assert.Equal(("fold", 2), (folds.PairOf, folds.PairsPerSeed));
        var both = Of(Trial("a", 1, fold: 1), Trial("a", 1, seed: 2, fold: 1));
        Assert.Equal(("seed and fold", 1), (both.PairOf, both.PairsPerSeed));
    }

    [Fact]
    public void OnePair_SaysNothing()
    {
        var one = Open with { Sample = new PairedSample([1]), AllPairs = 1 };
        Assert.Equal("V. One seed says nothing about chance.", ComparisonText.Numbers(one, "V", "0.0"));
        Assert.Equal(
            "V. Only 1 of 3 pairs has a result, which says nothing about chance.",
            ComparisonText.Numbers(one with { AllPairs = 3 }, "V", "0.0")
        );
    }

    [Fact]
    public void Numbers_AreInterval_Pairs_PValue_AndWhatFollows()
    {
        Assert.Equal(
            $"V (95 % interval -0.5 to +4.5, 3 seeds), p = 0.200. About {Open.SeedsToDecide} seeds would decide.",
            ComparisonText.Numbers(Open, "V", "0.0")
        );
        Assert.EndsWith(
            ", 3 seeds), p = 0.010, corrected for 4 comparisons.",
            ComparisonText.Numbers(Open with { P = 0.01, Comparisons = 4 }, "V", "0.0"),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            ", 3 seeds), p = 0.010 of a larger one, corrected for 4 comparisons.",
            ComparisonText.Numbers(Open with { EquivalenceP = 0.01, Comparisons = 4 }, "V", "0.0"),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            ", 3 seeds), p = 0.020. The difference is smaller than 0.5.",
            ComparisonText.Numbers(Open with { P = 0.02, EquivalenceP = 0.01 }, "V", "0.0"),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "3 folds), p = 0.200. About "
                + $"{(Open with { PairsPerSeed = 3 }).SeedsToDecide} repetitions of the folds would decide.",
            ComparisonText.Numbers(Open with { PairOf = "fold", PairsPerSeed = 3 }, "V", "0.0"),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            " Not even 1,000 such pairs would decide.",
            ComparisonText.Numbers(Open with { Sample = new PairedSample([-1, 0, 1]), Margin = 1e-6 }, "V", "0.0"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void SameDifferenceInAllPairs_IsSaid() =>
        Assert.StartsWith(
            "V (the same difference in all pairs, 2 of 3 pairs), p = 0.200.",
            ComparisonText.Numbers(Open with { Sample = new PairedSample([1, 1]) }, "V", "0.0"),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("seed", 3, "3 seeds")]
    [InlineData("fold", 3, "3 folds")]
    [InlineData("seed and fold", 3, "3 pairs of seed and fold")]
    [InlineData("seed", 4, "3 of 4 pairs")]
    [InlineData("seed and fold", 4, "3 of 4 pairs")]
    public void Pairs_AreCounted(string of, int all, string text) =>
        Assert.Equal(text, ComparisonText.Count(Open with { PairOf = of, AllPairs = all }));

    [Fact]
    public void PValue_IsSaidWhereThereIsOne() =>
        Assert.Equal(("p = 0.200", ""), (ComparisonText.P(0.2), ComparisonText.P(null)));
}
