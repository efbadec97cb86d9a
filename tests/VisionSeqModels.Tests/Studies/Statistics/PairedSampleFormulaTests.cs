using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The tests of small samples by hand: with two degrees of freedom the fraction beyond ±t is 1 − t / √(2 + t²),
/// with one it is 1 − 2/π · arctan t.</summary>
public sealed class PairedSampleFormulaTests
{
    private static readonly PairedSample Sample = new([1, 2, 3]);

    [Fact]
    public void Interval_IsTheMeanWithTheQuantileOnBothSides()
    {
        var (low, high) = Sample.Interval!.Value;
        Assert.Equal(2 - (4.302652729749465 / Math.Sqrt(3)), low, 1e-9);
        Assert.Equal(2 + (4.302652729749465 / Math.Sqrt(3)), high, 1e-9);
    }

    [Fact]
    public void PValue_OfTwoPairs_IsThatOfOneDegree()
    {
        var two = new PairedSample([1, 3]); // mean 2, deviation √2, t = 2
        Assert.Equal((2, Math.Sqrt(2)), (two.Mean, two.Deviation));
        Assert.Equal(1 - (2 / Math.PI * Math.Atan(2)), two.P!.Value, 1e-13);
    }

    /// <summary>The worse of both sides: mean 2, error 1/√3.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(0)]
    public void Equivalence_IsTheLargerOfTwoOneSidedTests(double margin)
    {
        double t = (margin - 2) * Math.Sqrt(3),
            above = 0.5 - (0.5 * t / Math.Sqrt(2 + (t * t)));
        Assert.Equal(above, Sample.EquivalenceP(margin)!.Value, 1e-13);
        Assert.Equal(above, new PairedSample([-1, -2, -3]).EquivalenceP(margin)!.Value, 1e-13);
    }

    [Fact]
    public void HeldOutRatio_WidensTheError()
    {
        var folds = new PairedSample([1, 2, 3], heldOutRatio: 2 / 3.0); // the error is 1
        Assert.Equal(2 / 3.0, folds.HeldOutRatio);
        Assert.Equal(1 - (2 / Math.Sqrt(6)), folds.P!.Value, 1e-13);
        Assert.Equal(2 + 4.302652729749465, folds.Interval!.Value.High, 1e-9);
    }

    [Fact]
    public void EmptyAndSingle_HaveMeansWithoutSpread()
    {
        var (none, one) = (new PairedSample([]), new PairedSample([-2]));
        Assert.Equal((0, 0.0, 0.0, false), (none.Count, none.Mean, none.Deviation, none.HasSpread));
        Assert.Equal((1, -2.0, 0.0, false), (one.Count, one.Mean, one.Deviation, one.HasSpread));
    }

    [Fact]
    public void NegativeDifferencesAllAlike_AreJudgedByTheirSign()
    {
        var sample = new PairedSample([-0.5, -0.5, -0.5]);
        Assert.Equal((0.25, null), (sample.P, sample.Interval));
        Assert.Equal((0.125, 1, 1), (sample.EquivalenceP(0.75), sample.EquivalenceP(0.5), sample.EquivalenceP(0.25)));
    }

    [Fact]
    public void SpreadOfATrillionth_IsRounding()
    {
        Assert.False(new PairedSample([1, 1 + 1e-13]).HasSpread);
        Assert.True(new PairedSample([1, 1 + 1e-11]).HasSpread);
        Assert.True(new PairedSample([-1, -1 - 1e-11]).HasSpread);
        Assert.False(new PairedSample([-1, -1 - 1e-13]).HasSpread);
    }
}
