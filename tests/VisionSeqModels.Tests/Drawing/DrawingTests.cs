using SkiaSharp;
using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Drawing;

[Collection("Torch")]
public sealed class DrawingTests
{
    private static readonly double[] Values = [-3, 0, 1, 6, double.NaN, double.PositiveInfinity];

    [Fact]
    public void SymmetricScale_HasZeroInTheMiddle_AndIsMirroredByASign()
    {
        var scale = ValueScale.Symmetric(Values);
        Assert.Equal((-6, 6), (scale.Minimum, scale.Maximum));
        Assert.Equal(0.5, scale.Position(0));
        Assert.Equal(1 - scale.Position(2), scale.Position(-2), 1e-12);
        Assert.True(double.IsNaN(scale.Position(double.NaN)));
        Assert.Equal(0.5, ValueScale.Symmetric([0, 0]).Position(0)); // zeros only: nothing to divide by
    }

    [Fact]
    public void OtherScales_AreWhatTheirNamesSay()
    {
        Assert.Equal((-3, 6), (ValueScale.MinMax(Values).Minimum, ValueScale.MinMax(Values).Maximum));
        Assert.Equal(0, ValueScale.MinMax([4, 4]).Position(4));
        Assert.Equal(1, ValueScale.Fixed(0, 2).Position(7));
        Assert.Throws<ArgumentException>(() => ValueScale.Fixed(1, 0));

        // magnitudes 1, 1, 2, 6 of 10: 40 % lie in the first three
        var cut = ValueScale.Percentile([1, -1, 2, 6], 0.4);
        Assert.Equal((-2, 2), (cut.Minimum, cut.Maximum));
        Assert.Equal((0, 6), (ValueScale.Percentile([1, 1, 2, 6], 1).Minimum, ValueScale.Percentile([1, 1, 2, 6], 1).Maximum));
    }

    [Theory]
    [InlineData(ColorMap.Sequential)]
    [InlineData(ColorMap.Grey)]
    public void Maps_OfMagnitudes_GrowEverLighter(ColorMap map)
    {
        double[] light = [.. Enumerable.Range(0, 101).Select(i => Light(ColorMaps.At(map, i / 100.0)))];
        Assert.All(light.Zip(light.Skip(1)), pair => Assert.True(pair.Second >= pair.First));
        Assert.True(light[^1] - light[0] > 150);
    }

    [Fact]
    public void DivergingMap_IsWhiteInTheMiddle_AndDarkAtBothEnds()
    {
        Assert.Equal(SKColors.White, ColorMaps.At(ColorMap.Diverging, 0.5));
        Assert.True(Light(ColorMaps.At(ColorMap.Diverging, 0)) < 80 && Light(ColorMaps.At(ColorMap.Diverging, 1)) < 80);
        Assert.Equal(ColorMaps.NotANumber, ColorMaps.At(ColorMap.Diverging, double.NaN));
    }

    [Fact]
    public void Grid_OfSixTilesInFourColumns_PutsEachWhereItBelongs_AndLeavesTheRestWhite()
    {
        var tiles = Enumerable
            .Range(0, 6)
            .Select(i =>
                ImageTile.OfMap(
                    new double[,]
                    {
                        { i / 5.0, 0 },
                    },
                    ValueScale.Fixed(0, 1),
                    ColorMap.Grey
                )
            )
            .ToList();
        using var picture = Decode(ImageGrid.Draw(tiles, new ImageGridOptions { Columns = 4, PixelSize = 10 }));

        // Margin 16, caption 16, gap 10; tiles of 20 by 10.
        for (int i = 0; i < 6; i++)
        {
            byte level = (byte)Math.Round(255 * i / 5.0);
            Assert.Equal(new SKColor(level, level, level), picture.GetPixel(16 + (i % 4 * 30) + 5, 16 + 16 + (i / 4 * 36) + 5));
            Assert.Equal(SKColors.Black, picture.GetPixel(16 + (i % 4 * 30) + 15, 16 + 16 + (i / 4 * 36) + 5));
        }

        Assert.Equal(SKColors.White, picture.GetPixel(16 + (2 * 30) + 5, 16 + 16 + 36 + 5));
        Assert.Equal((16 * 2) + (4 * 30) - 10, picture.Width);
    }

    [Fact]
    public void Tile_OfADataSet_ShowsItsBytes_AndOthersAreRefused()
    {
        using var scope = NewDisposeScope();
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 4,
                TestCount = 1,
                Seed = 1,
            }
        );
        var tile = ImageTile.Of(data.Train, 2);
        byte Byte(int channel, int y, int x) => data.Train.Pixels[2, channel, y, x].item<byte>();
        Assert.Equal(new SKColor(Byte(0, 5, 9), Byte(1, 5, 9), Byte(2, 5, 9)), tile[9, 5]);
        Assert.Equal(data.Train.ClassNames[(int)data.Train.Labels[2].item<long>()], tile.Caption);
        Assert.Contains(
            "[2, 4, 4]",
            Assert.Throws<ArgumentException>(() => ImageTile.OfPixels(zeros([2, 4, 4], dtype: ScalarType.Byte))).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageTile.Of(data.Train, 4));
    }

    [Fact]
    public void Overlay_OfATile_IsHalfGrey_HalfTheOther()
    {
        var below = ImageTile.OfMap(
            new double[,]
            {
                { 1 },
            },
            ValueScale.Fixed(0, 1),
            ColorMap.Grey
        );
        var over = ImageTile.OfMap(
            new double[,]
            {
                { 0 },
            },
            ValueScale.Fixed(0, 1),
            ColorMap.Grey,
            "over"
        );
        var mixed = below.Overlay(over);
        Assert.Equal((new SKColor(128, 128, 128), "over"), (mixed[0, 0], mixed.Caption));
        Assert.Throws<ArgumentException>(() =>
            below.Overlay(ImageTile.OfMap(new double[2, 1], ValueScale.Fixed(0, 1), ColorMap.Grey))
        );
    }

    [Fact]
    public void HeatMap_HasTheColourOfEachNumber_AndRefusesNamesThatDoNotFit()
    {
        var options = new HeatMapOptions
        {
            CellWidth = 20,
            CellHeight = 20,
            RowNames = ["", ""],
        };
        using var picture = Decode(
            HeatMap.Draw(
                new double[,]
                {
                    { 0, 1, 2 },
                    { 3, 4, double.NaN },
                },
                options
            )
        );
        Assert.Equal(ColorMaps.At(ColorMap.Sequential, 0.25), picture.GetPixel(16 + 8 + 25, 16 + 5));
        Assert.Equal(ColorMaps.At(ColorMap.Sequential, 1), picture.GetPixel(16 + 8 + 25, 16 + 25));
        Assert.Equal(ColorMaps.NotANumber, picture.GetPixel(16 + 8 + 45, 16 + 25));
        Assert.Throws<InvalidOptionsException>(() => HeatMap.Draw(new double[2, 2], new HeatMapOptions { RowNames = ["a"] }));
        Assert.Throws<ArgumentException>(() => HeatMap.Draw(new double[0, 2]));
        using var zeros = Decode(HeatMap.Draw(new double[2, 2], options)); // nothing to divide by
        Assert.Equal(ColorMaps.At(ColorMap.Sequential, 0), zeros.GetPixel(16 + 8 + 25, 16 + 25));
    }

    [Fact]
    public void ConfusionMatrix_IsDrawnWithRoomForEveryClass()
    {
        var matrix = new ConfusionMatrix(
            new long[,]
            {
                { 5, 1 },
                { 0, 0 },
            },
            ["a cat", "a dog"]
        );
        using var picture = Decode(matrix.Draw());
        PictureAssert.Has(picture, ColorMaps.At(ColorMap.Sequential, 5 / 6.0).ToString()); // five of six cats
        PictureAssert.Has(picture, ColorMaps.At(ColorMap.Sequential, 1 / 6.0).ToString());
        int left = PictureAssert.FirstColored(picture, row: 44);
        Assert.Equal(ColorMaps.At(ColorMap.Sequential, 5 / 6.0), picture.GetPixel(left + 2, 44));
        Assert.Equal(ColorMaps.At(ColorMap.Sequential, 1 / 6.0), picture.GetPixel(left + 46 + 2, 44));
        Assert.Equal(ColorMaps.At(ColorMap.Sequential, 0), picture.GetPixel(left + 2, 44 + 30)); // no dog at all
    }

    [Fact]
    public void LineChart_LeavesOutWhatHasNoPlace_AndRefusesLinesWithoutValues()
    {
        double[] places = [1, 2, 3];
        var series = Line("a", places, [0, double.NaN, 10]);
        Assert.Equal(
            (700, 420),
            (LineChart.Draw([series], new LineChartOptions { LogarithmicY = true }).Width, LineChart.Draw([series]).Height)
        );
        Assert.Contains(
            "b: 3 and 1",
            Assert.Throws<ArgumentException>(() => LineChart.Draw([Line("b", places, [1])])).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => LineChart.Draw([]));
        var many = Enumerable.Range(0, 9).Select(i => Line($"{i}", places, [i, i, i])).ToList();
        PictureAssert.HasLines(LineChart.Draw(many), 8); // the ninth has the first one's colour, dashed
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void ConfidentErrors_AreThoseOfHighestProbability_WhateverTheBatches(int batchSize)
    {
        using var scope = NewDisposeScope();
        using var model = nn.Identity();
        var scores = randint(3, [50, 4], generator: new Generator(1)).to_type(ScalarType.Float32); // many equal ones
        var labels = arange(50).remainder(4);
        var data = BatchSource.From(
            "fifty",
            _ => Enumerable.Range(0, (50 + batchSize - 1) / batchSize).Select(i => Cut(scores, labels, i * batchSize, batchSize))
        );

        var report = ConfidentErrors.Measure(model, data, new ConfidentErrorsOptions { MaximumCount = 9 });

        var all = Enumerable
            .Range(0, 50)
            .Select(i =>
                (Index: (long)i, Probability: scores[i].softmax(0).max().ToDouble(), Predicted: scores[i].argmax().item<long>())
            )
            .Where(sample => sample.Predicted != sample.Index % 4)
            .ToList();
        Assert.Equal(
            all.OrderByDescending(sample => sample.Probability)
                .ThenBy(sample => sample.Index)
                .Take(9)
                .Select(sample => sample.Index),
            report.Errors.Select(error => error.Index)
        );
        Assert.Equal((50, all.Count), (report.SampleCount, report.ErrorCount));
        Assert.All(report.Errors, error => Assert.Equal(error.Index % 4, error.Actual));
    }

    private static LineSeries Line(string name, double[] x, double[] y) =>
        new()
        {
            Name = name,
            X = x,
            Y = y,
        };

    private static Batch Cut(Tensor scores, Tensor labels, int begin, int count)
    {
        int size = Math.Min(count, 50 - begin);
        return new Batch(scores.narrow(0, begin, size).clone(), labels.narrow(0, begin, size).clone());
    }

    private static double Light(SKColor color) => (0.299 * color.Red) + (0.587 * color.Green) + (0.114 * color.Blue);

    private static SKBitmap Decode(Picture picture) => PictureAssert.Decode(picture);
}
