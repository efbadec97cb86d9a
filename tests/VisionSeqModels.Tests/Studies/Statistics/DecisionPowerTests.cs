using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class DecisionPowerTests
{
    private static readonly PairedSample Same = new([0.25, 0.25]);
    private static readonly PairedSample None = new([0, 0]);

    /// <summary>Without spread, so many equal signs must be less likely than the level.</summary>
    [Fact]
    public void WithoutSpread_SignsDecide_OrNot()
    {
        Assert.Equal((0, 1), (DecisionPower.Of(Same, 0, 0.0625, 5), DecisionPower.Of(Same, 0, 0.0625, 6)));
        Assert.Equal((0, 1), (DecisionPower.Of(None, 0.1, 0.0625, 4), DecisionPower.Of(None, 0.1, 0.0625, 5)));
        Assert.Equal(0, DecisionPower.Of(None, 0, 0.0625, 100));
        Assert.Equal((0, 1), (DecisionPower.Of(Same, 0.25, 0.0625, 5), DecisionPower.Of(Same, 0.5, 0.0625, 5)));
    }

    [Fact]
    public void Pairs_AreTheLeastThatDecide_AboveThoseThatThereAre()
    {
        Assert.Equal(6, DecisionPower.Pairs(Same, 0, 0.0625));
        Assert.Equal(5, DecisionPower.Pairs(None, 0.1, 0.0625));
        Assert.Equal(9, DecisionPower.Pairs(new PairedSample([.. Enumerable.Repeat(0.25, 8)]), 0, 0.0625));
        Assert.Equal(6, DecisionPower.Pairs(Same, 0, 0.0625, step: 2));
        Assert.Equal(8, DecisionPower.Pairs(Same, 0, 0.0625, step: 4));
        Assert.Equal(12, DecisionPower.Pairs(Same, 0, 1.5 * Math.Pow(2, -11), step: 2)); // 12 signs, and no fewer
        Assert.Null(DecisionPower.Pairs(None, 0, 0.0625));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    public void ThousandPairs_AreLookedAt(int step)
    {
        int most = DecisionPower.MostPairs / step * step;
        double level = Math.Pow(2, 1 - most) * 1.5; // the signs of so many pairs, and of no fewer
        Assert.Equal(most, DecisionPower.Pairs(Same, 0, level, step));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    public void MoreThanThousandPairs_AreNot(int step)
    {
        int most = DecisionPower.MostPairs / step * step;
        double level = Math.Pow(2, 1 - most); // as likely as so many equal signs: one more would decide
        Assert.Equal((0, 1), (DecisionPower.Of(Same, 0, level, most), DecisionPower.Of(Same, 0, level, most + step)));
        Assert.Null(DecisionPower.Pairs(Same, 0, level, step));
    }

    [Fact]
    public void WithThousandPairsAlready_ThereAreNone() =>
        Assert.Null(DecisionPower.Pairs(new PairedSample([.. Enumerable.Repeat(0.25, 1000)]), 0, 0.0625));

    /// <summary>The integral of the density alone: whatever the deviation, it lies within the margin.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(1000)]
    public void HugeMargin_IsDecidedForSure(int pairs) =>
        Assert.Equal(1, DecisionPower.Of(new PairedSample([0, 1, 2]), 1e9, 0.05, pairs), 1e-9);

    [Fact]
    public void SpreadBeyondNumbers_IsNotDecided() =>
        Assert.Null(DecisionPower.Pairs(new PairedSample([1e200, -1e200]), 0.1, 0.05));

    /// <summary>A standardized effect of 1 with the level 0.05, integrated by hand.</summary>
    [Theory]
    [InlineData(8, 0.6808)]
    [InlineData(10, 0.8031)]
    [InlineData(20, 0.9886)]
    public void PowerOfADifference_IsTheKnownOne(int pairs, double power)
    {
        double half = 1 / Math.Sqrt(2);
        Assert.Equal(power, DecisionPower.Of(new PairedSample([1 - half, 1 + half]), 0, 0.05, pairs), 1e-4);
        Assert.Equal(power, DecisionPower.Of(new PairedSample([-1 - half, -1 + half]), 0, 0.05, pairs), 1e-4);
    }

    [Fact]
    public void Power_GrowsWithPairs_AndWithTheLevel_AndFallsWithOverlap()
    {
        var sample = new PairedSample([0, 1, 2]);
        Assert.True(DecisionPower.Of(sample, 0.1, 0.05, 10) > DecisionPower.Of(sample, 0.1, 0.05, 9));
        Assert.True(DecisionPower.Of(sample, 0.1, 0.05, 10) > DecisionPower.Of(sample, 0.1, 0.01, 10));
        var folds = new PairedSample([0, 1, 2], heldOutRatio: 0.25);
        Assert.True(DecisionPower.Of(sample, 0.1, 0.05, 10) > DecisionPower.Of(folds, 0.1, 0.05, 10));
        Assert.InRange(DecisionPower.Of(sample, 0.1, 0.05, 2), 0.05, 0.3);
        Assert.Equal(1, DecisionPower.Of(sample, 100, 0.05, 200), 1e-6);
    }
}
