using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class HolmTests
{
    [Fact]
    public void Adjusted_AreTimesWhatIsLeft_AndNeverFall()
    {
        Assert.Empty(Holm.Adjust([]));
        Assert.Equal([0.25], Holm.Adjust([0.25]));
        Assert.Equal([0.25, 0.125, 0.1875, 0.5], Holm.Adjust([0.125, 0.03125, 0.0625, 0.5]));
        Assert.Equal([0.09375, 0.09375], Holm.Adjust([0.0625, 0.046875]));
        Assert.Equal([0.75, 0.75, 0.75], Holm.Adjust([0.25, 0.25, 0.25]));
        Assert.Equal([1.0, 1.0], Holm.Adjust([0.75, 0.5]));
        Assert.Equal([0.625, 0.5], Holm.Adjust([0.625, 0.25]));
    }
}
