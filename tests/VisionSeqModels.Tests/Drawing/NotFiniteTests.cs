using SkiaSharp;
using VisionSeqModels.Drawing;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Drawing;

/// <summary>NaN is shown as NaN, and infinite values as such, in every kind of picture.</summary>
[Collection("Torch")]
public sealed class NotFiniteTests
{
    public static TheoryData<string> Kinds =>
        ["heat map", "grid of maps", "grid of colours", "grid of pixels", "filters", "line chart", "learning curves"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NaNAndInfinity_HaveColoursOfTheirOwn_AndALineEach(string kind)
    {
        using var finite = PictureAssert.Decode(Draw(kind, 0.5, 0.5));
        using var ill = PictureAssert.Decode(Draw(kind, double.NaN, double.PositiveInfinity));
        foreach (var color in new[] { ColorMaps.NotANumber, ColorMaps.Infinite })
        {
            PictureAssert.Has(ill, color.ToString());
            Assert.DoesNotContain(color, finite.Pixels);
        }
    }

    [Theory]
    [InlineData(3, 1024, "NaN", "3 of 1,024 values are NaN")]
    [InlineData(1, 5, "infinite", "1 of 5 values is infinite")]
    public void Legend_CountsThem(long count, long total, string kind, string text) =>
        Assert.Equal(text, NotFinite.Text(count, total, kind));

    [Fact]
    public void Histogram_OfAParameterWithNaN_SaysHowMany()
    {
        var histogram = ParameterHistogram.Of("w", [1, double.NaN, 2, double.NegativeInfinity], 4);
        using var panel = histogram.Panel();
        Assert.Equal("2 of 4 values are NaN or infinite", Assert.Single(panel.Legend).Text);
    }

    [Theory]
    [InlineData(ScalarType.Byte, 255)]
    [InlineData(ScalarType.Int64, 255)]
    [InlineData(ScalarType.Int16, 255)]
    [InlineData(ScalarType.Float32, 1)]
    [InlineData(ScalarType.Float64, 1)]
    [InlineData(ScalarType.Float16, 1)]
    [InlineData(ScalarType.BFloat16, 1)]
    [InlineData(ScalarType.Bool, 1)]
    public void TileOfAnyDtype_ShowsItsLargestValueWhite_AndRefusesMore(ScalarType dtype, double most)
    {
        using var scope = NewDisposeScope();
        var image = full([1, 2, 2], most).to_type(dtype);
        Assert.Equal(SKColors.White, ImageTile.OfPixels(image)[0, 0]);
        if (dtype is not (ScalarType.Byte or ScalarType.Bool))
        {
            string message = Assert.Throws<ArgumentException>(() => ImageTile.OfPixels(image * -2)).Message;
            Assert.Contains(
                $"needs values from 0 to {most}, but they are from -{2 * most} to",
                message,
                StringComparison.Ordinal
            );
        }
    }

    private static Picture Draw(string kind, double first, double second)
    {
        using var scope = NewDisposeScope();
        double[,] map =
        {
            { 0, 1, first, second },
        };
        switch (kind)
        {
            case "heat map":
                return HeatMap.Draw(map);
            case "grid of maps":
                return ImageGrid.Draw([ImageTile.OfMap(map, ValueScale.Fixed(0, 1), ColorMap.Sequential)]);
            case "grid of colours":
                var colors = new double[3, 1, 2];
                (colors[1, 0, 0], colors[2, 0, 1]) = (first, second);
                return ImageGrid.Draw([ImageTile.OfColors(colors, ValueScale.Fixed(0, 1))]);
            case "grid of pixels":
                return ImageGrid.Draw([ImageTile.OfPixels(tensor(new[] { first, second, 0 }).view(1, 1, 3))]);
            case "filters":
                return FilterGrid.Draw(tensor(new[] { first, second, 1 }).view(1, 1, 1, 3));
            case "line chart":
                return LineChart.Draw([
                    new LineSeries
                    {
                        Name = "a",
                        X = [1, 2, 3, 4],
                        Y = [0, 1, first, second],
                    },
                ]);
            default:
                var history = new TrainingHistory();
                foreach (var (i, value) in new[] { 1, first, second }.Index())
                {
                    history.Add(Epoch.Of(i + 1, "test_loss", value));
                }

                return Charts.LearningCurves(history);
        }
    }
}
