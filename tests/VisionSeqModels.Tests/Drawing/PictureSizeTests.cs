using VisionSeqModels.Drawing;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Drawing;

/// <summary>The promise of <see cref="PictureLimit"/>: no picture is larger, and none throws for its size.</summary>
[Collection("Torch")]
public sealed class PictureSizeTests
{
    private static readonly PictureLimit Small = new() { MaximumSide = 900, MaximumPixels = 500_000 };

    public static TheoryData<string> Kinds =>
        [
            "filters",
            "colour filters",
            "confusion matrix",
            "learning curves",
            "heat map",
            "grid",
            "large tile",
            "activations",
            "histograms",
        ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void PictureOfAnyKind_IsWithinTheLimit_WhateverIsDrawn(string kind)
    {
        var picture = Draw(kind, Small);
        Assert.InRange(Math.Max(picture.Width, picture.Height), 100, Small.MaximumSide);
        Assert.InRange((long)picture.Width * picture.Height, 1, Small.MaximumPixels);
    }

    [Fact]
    public void Default_Is64Megapixels_And16000ASide() =>
        Assert.Equal((16_000, 64_000_000), (PictureLimit.Default.MaximumSide, PictureLimit.Default.MaximumPixels));

    [Fact]
    public void ManyClasses_AreDrawnAsTheWorstOnes_AndTheOthersTogether()
    {
        const int Classes = 1000;
        var counts = new long[Classes, Classes];
        for (int i = 0; i < Classes; i++)
        {
            counts[i, i] = 5;
        }

        counts[700, 3] = 9;
        var drawn = new ConfusionMatrix(counts).Draw(new ConfusionMatrixDrawOptions { MaximumClasses = 3 });
        var worst = new ConfusionMatrix(
            new long[,]
            {
                { 5, 0, 0 },
                { 9, 5, 0 },
                { 0, 0, 998 * 5 },
            },
            ["3", "700", "998 others"]
        );
        using var a = PictureAssert.Decode(drawn);
        using var b = PictureAssert.Decode(worst.Draw(new ConfusionMatrixDrawOptions { Title = "x" }));
        // the same colours of the same cells, below a note of one line
        foreach (
            string color in new[]
            {
                ColorMaps.At(ColorMap.Sequential, 9 / 14.0),
                ColorMaps.At(ColorMap.Sequential, 5 / 14.0),
            }.Select(color => color.ToString())
        )
        {
            PictureAssert.Has(a, color);
            PictureAssert.Has(b, color);
        }

        Assert.InRange(new ConfusionMatrix(counts).Draw().Width, 1800, 5000); // 100 classes by default, not 1,000
    }

    [Fact]
    public void Matrix_ReadsEachCountAFewTimes_NotOnceForEachClass()
    {
        // A thousand classes are a million counts: this took a billion additions before, and takes about ten million now.
        const int Classes = 1000;
        var matrix = new ConfusionMatrix(new long[Classes, Classes]);
        Assert.Equal(
            0,
            Enumerable.Range(0, Classes * 1000).Sum(i => matrix.Support(i % Classes) + matrix.Precision(i % Classes))
        );
    }

    [Fact]
    public void FiltersWithoutRoom_AreTheWeakestOnes()
    {
        using var scope = NewDisposeScope();
        var weights = ones(60, 1, 5, 5) * 0.01;
        weights[41] = 1;
        using var picture = PictureAssert.Decode(FilterGrid.Draw(weights, new FilterGridOptions { Columns = 60, Limit = Small }));
        Assert.Equal(SkiaSharp.SKColors.White, picture.GetPixel(16 + 40, 16 + 17 + 16 + 40)); // the strongest is first
        Assert.NotEqual(SkiaSharp.SKColors.White, picture.GetPixel(16 + 130 + 40, 16 + 17 + 16 + 40));
    }

    [Fact]
    public void LimitOutOfRange_IsRefusedWithTheRange() =>
        Assert.Contains(
            "from 200 to 65535",
            Assert
                .Throws<InvalidOptionsException>(() =>
                    HeatMap.Draw(new double[1, 1], new HeatMapOptions { Limit = new() { MaximumSide = 5 } })
                )
                .Message,
            StringComparison.Ordinal
        );

    private static Picture Draw(string kind, PictureLimit limit)
    {
        using var scope = NewDisposeScope();
        switch (kind)
        {
            case "filters":
                return FilterGrid.Draw(randn(64, 64, 3, 3), new FilterGridOptions { Limit = limit });
            case "colour filters":
                return FilterGrid.Draw(randn(900, 3, 3, 3), new FilterGridOptions { Limit = limit });
            case "confusion matrix":
                return new ConfusionMatrix(new long[300, 300]).Draw(new ConfusionMatrixDrawOptions { Limit = limit });
            case "learning curves":
                return Charts.LearningCurves(ManyMetrics(102), new LearningCurvesOptions { Limit = limit });
            case "heat map":
                return HeatMap.Draw(new double[3000, 2000], new HeatMapOptions { Limit = limit });
            case "grid":
                return ImageGrid.Draw(
                    [.. Enumerable.Range(0, 5000).Select(_ => Tile(8, 8))],
                    new ImageGridOptions { Limit = limit }
                );
            case "large tile":
                return ImageGrid.Draw([Tile(3000, 2000)], new ImageGridOptions { Limit = limit });
            case "activations":
                return new ActivationChart(ManyLayers(100), limit).Draw();
            default:
                using (var model = nn.Sequential([.. Enumerable.Range(0, 60).Select(_ => nn.Linear(2, 2))]))
                {
                    return ParameterHistograms.Measure(model).Draw(limit);
                }
        }
    }

    private static ImageTile Tile(int width, int height) =>
        ImageTile.OfMap(new double[height, width], ValueScale.Fixed(0, 1), ColorMap.Grey);

    private static ActivationStatistics ManyLayers(int count)
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 10, TestCount = 1 });
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var statistics = ActivationStatistics.Measure(model, data.Train);
        return statistics with
        {
            Layers = [.. Enumerable.Repeat(statistics.Layers[0], count).Select((layer, i) => layer with { Name = $"{i}" })],
        };
    }

    private static TrainingHistory ManyMetrics(int count)
    {
        var history = new TrainingHistory();
        history.Add(Epoch.Of(1, Enumerable.Range(0, count).ToDictionary(i => $"test_metric_{i}", i => (double)i)));
        return history;
    }
}
