using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class GridMapTests
{
    /// <summary>The largest value decides how all of them are written.</summary>
    [Theory]
    [InlineData(1e-5, 2e-5, "1.000e-5", "2.000e-5")]
    [InlineData(1e-5, 0.5, "0.0000", "0.5000")]
    [InlineData(-0.5, 1e-5, "-0.5000", "0.0000")]
    public void Numbers_AreAllWrittenAlike(double first, double second, string firstText, string secondText)
    {
        var values = new[,]
        {
            { first, second },
        };
        var expected = HeatMap.Draw(
            values,
            new HeatMapOptions
            {
                Title = "loss by rate and size",
                RowTitle = "rate",
                ColumnTitle = "size",
                RowNames = ["1"],
                ColumnNames = ["32", "64"],
                Scale = ValueScale.Fixed(first, second),
                CellWidth = 64,
                CellHeight = 32,
                CellText = (_, column) => column == 0 ? firstText : secondText,
            }
        );
        Assert.Equal(expected.ToPng(), new GridMap("rate", "size", ["1"], ["32", "64"], values).Draw("loss").ToPng());
    }
}
