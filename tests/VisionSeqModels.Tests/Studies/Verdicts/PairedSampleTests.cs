using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class PairedSampleTests
{
    /// <summary>Differences 1, 2, 3: mean 2, deviation 1, t = 2 √3 with two degrees of freedom.</summary>
    [Fact]
    public void Test_OfKnownPairs_IsTheTextbooks()
    {
        var sample = new PairedSample([1, 2, 3]);
        Assert.Equal((2, 1), (sample.Mean, sample.Deviation));
        Assert.Equal(0.0741799, sample.P!.Value, 1e-6);
    }

    [Fact]
    public void FewerThanTwoPairs_HaveNoTest()
    {
        Assert.All(
            [new PairedSample([]), new PairedSample([1])],
            sample => Assert.Equal((null, null, null), (sample.P, sample.Interval, sample.EquivalenceP(1)))
        );
    }

    /// <summary>Without spread t is infinite, however few pairs there are: two equal differences would prove
    /// anything.</summary>
    [Theory]
    [InlineData(2, 0.5)]
    [InlineData(3, 0.25)]
    [InlineData(6, 0.03125)]
    public void SameDifferenceInAllPairs_IsJudgedByItsSign(int pairs, double p)
    {
        var sample = new PairedSample([.. Enumerable.Repeat(0.1, pairs)]);
        Assert.Equal((p, null), (sample.P, sample.Interval));
        Assert.Equal((p / 2, 1), (sample.EquivalenceP(0.2), sample.EquivalenceP(0.05)));
        var none = new PairedSample([.. Enumerable.Repeat(0.0, pairs)]);
        Assert.Equal((1, p / 2), (none.P, none.EquivalenceP(0.05)));
    }

    [Fact]
    public void SpreadOfRoundingAlone_IsNone() => Assert.False(new PairedSample([0.6 - 0.5, 0.7 - 0.6, 0.8 - 0.7]).HasSpread);

    /// <summary>Differences 0.10, 0.08, 0.09: mean 0.09, deviation 0.01. Each fold holds out half of what it trains on, so
    /// t = 0.09 / (0.01 √(1/3 + 1/2)) = 9.859 with two degrees of freedom.</summary>
    [Fact]
    public void Folds_AreCorrectedForTrainingSamplesInCommon()
    {
        double[] differences = [0.10, 0.08, 0.09];
        double expected = StudentT.TwoSided(0.09 / (0.01 * Math.Sqrt((1.0 / 3) + 0.5)), 2);
        Assert.Equal(expected, new PairedSample(differences, heldOutRatio: 0.5).P!.Value, 1e-9);
        Assert.Equal(0.01013, expected, 5e-5);
        Assert.True(expected > 2 * new PairedSample(differences).P);
    }

    [Fact]
    public void MorePairs_AreAskedFor_UntilFourOfFiveStudiesDecide()
    {
        var sample = new PairedSample([0.010, 0.002, 0.006]);
        int pairs = DecisionPower.Pairs(sample, margin: 0.001, level: 0.05)!.Value;
        Assert.True(DecisionPower.Of(sample, 0.001, 0.05, pairs) >= DecisionPower.Enough);
        Assert.True(DecisionPower.Of(sample, 0.001, 0.05, pairs - 1) < DecisionPower.Enough);
        Assert.True(DecisionPower.Pairs(sample, 0.001, level: 0.01) > pairs);
        Assert.Equal(0, DecisionPower.Pairs(sample, 0.001, 0.05, step: 5)!.Value % 5);
    }

    /// <summary>A difference as large as the margin is decided by seeing that it is one, a small one by seeing that it is
    /// small; a difference and a margin near nothing by neither.</summary>
    [Fact]
    public void EitherDecision_Counts()
    {
        Assert.InRange(DecisionPower.Pairs(new PairedSample([0.01, 0, -0.01]), 0.01, 0.05)!.Value, 5, 30);
        Assert.Null(DecisionPower.Pairs(new PairedSample([0.01, 0, -0.01]), 1e-5, 0.05));
        Assert.Null(DecisionPower.Pairs(new PairedSample([0.02, 0, -0.01], heldOutRatio: 0.5), 1e-5, 0.05, step: 3));
        Assert.Equal(6, DecisionPower.Pairs(new PairedSample([0.1, 0.1]), 0.01, 0.05));
        Assert.Equal(5, DecisionPower.Pairs(new PairedSample([0.0, 0.0]), 0.01, 0.05));
    }
}
