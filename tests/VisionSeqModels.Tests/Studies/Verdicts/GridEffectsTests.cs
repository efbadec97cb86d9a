using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class GridEffectsTests
{
    [Fact]
    public void Means_AreOverSeedsAndTheOtherFactor()
    {
        var effects = new GridEffects(
            Summary([
                .. Seeds("a", [0.25, 0.75], ("rate", "1"), ("size", "32")),
                .. Seeds("b", [0.5, 1], ("rate", "2"), ("size", "32")),
                .. Seeds("c", [0, 0.5], ("rate", "1"), ("size", "64")),
                .. Seeds("d", [0.25, 1.25], ("rate", "2"), ("size", "64")),
            ])
        );
        Assert.Equal(
            [("rate", 0.75, 0.375, 0.375), ("size", 0.5, 0.625, -0.125)],
            effects.Factors.Select(one => (one.Factor, one.Mean!.Value, one.BaseMean!.Value, one.Difference!.Value))
        );
        Assert.Equal(0.25, Assert.Single(effects.Interactions).Difference);
    }
}
