using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class SvgWidthTests
{
    [Fact]
    public void Drawing_MayShrinkALittle_AndGrowByAThird() => Assert.Equal("min-width:85px;max-width:130px", SvgWidth.Of(100));
}
