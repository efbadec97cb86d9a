using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Core;

/// <summary>Pictures, splits and weights of a seed stay what they are: the generator's numbers never change.</summary>
public sealed class SplitMixTests
{
    /// <summary>The published first numbers of SplitMix64 for this seed.</summary>
    private static readonly ulong[] Published =
    [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ];

    [Fact]
    public void Next_GivesThePublishedNumbers()
    {
        var random = new SplitMix(1234567);
        Assert.Equal(Published, Published.Select(_ => random.Next()));
        Assert.Equal(Published[0], SplitMix.Mix(1234567));
    }

    [Fact]
    public void WholeNumbersFractionsAndRanges_ComeOfTheSameNumbers()
    {
        var (below, unit, between) = (new SplitMix(1234567), new SplitMix(1234567), new SplitMix(1234567));
        foreach (ulong number in Published)
        {
            double fraction = Math.Floor(number / 2048.0) / 9007199254740992.0;
            Assert.Equal((int)((UInt128)number * 10 / ((UInt128)1 << 64)), below.Below(10));
            Assert.Equal(fraction, unit.Unit(), 1e-15);
            Assert.Equal(-3 + (8 * fraction), between.Between(-3, 5), 1e-14);
        }
    }
}
