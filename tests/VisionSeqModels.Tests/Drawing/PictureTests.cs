using SkiaSharp;
using VisionSeqModels.Drawing;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Drawing;

[Collection("Torch")]
public sealed class PictureTests
{
    [Fact]
    public void FilterGrid_OfColourFilters_HasZeroGreyAndTheLargestWeightWhite()
    {
        using var scope = NewDisposeScope();
        var weights = zeros(2, 3, 2, 2);
        weights[0, 0, 0, 0] = 0.5f; // the first pixel's red
        weights[1, 2, 1, 1] = -0.5f; // the second filter's last pixel's blue

        using var picture = Decode(FilterGrid.Draw(weights, new FilterGridOptions { PixelSize = 20 }));

        // Margin 16, label 16, tiles of 40, gap 10: see ImageGrid.
        Assert.Equal(new SKColor(255, 128, 128), picture.GetPixel(16 + 5, 32 + 5));
        Assert.Equal(new SKColor(128, 128, 128), picture.GetPixel(16 + 25, 32 + 5));
        Assert.Equal(new SKColor(128, 128, 0), picture.GetPixel(16 + 50 + 25, 32 + 25));
    }

    [Fact]
    public void Picture_LoadsAsItWasSaved()
    {
        using var folder = new TempFolder();
        var picture = FilterGrid.Draw(ones(1, 3, 2, 2), new FilterGridOptions { PixelSize = 20 });
        picture.SavePng(folder["a.png"]);
        var loaded = Picture.LoadPng(folder["a.png"]);
        Assert.Equal((picture.Width, picture.Height), (loaded.Width, loaded.Height));
        Assert.Equal(picture.ToPng(), loaded.ToPng());
    }

    [Fact]
    public void Columns_StandSideBySide_EachWithWhatItAdds()
    {
        using var folder = new TempFolder();
        var page = new ReportPage("Title")
            .Subsection("A & b")
            .Columns(cell => cell.Paragraph("one"), cell => cell.Paragraph("two"));
        page.Save(folder["page.html"]);
        string html = File.ReadAllText(folder["page.html"]).Replace("\n", "", StringComparison.Ordinal);
        Assert.Contains("<h3>A &amp; b</h3>", html, StringComparison.Ordinal);
        Assert.Contains(
            "<div class=\"columns\"><div><p>one</p></div><div><p>two</p></div></div>",
            html,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void FilterGrid_ScalePerFilter_MakesWeakFiltersAsStrongAsOthers()
    {
        using var scope = NewDisposeScope();
        var weights = zeros(2, 1, 1, 1);
        weights[0, 0, 0, 0] = 1f;
        weights[1, 0, 0, 0] = 0.1f;

        using var shared = Decode(FilterGrid.Draw(weights, new FilterGridOptions { PixelSize = 100 }));
        using var own = Decode(
            FilterGrid.Draw(weights, new FilterGridOptions { Scale = FilterScale.PerFilter, PixelSize = 100 })
        );

        int second = 16 + 100 + 10 + 5;
        Assert.Equal(new SKColor(140, 140, 140), shared.GetPixel(second, 40));
        Assert.Equal(SKColors.White, own.GetPixel(second, 40));
    }

    [Fact]
    public void FilterGrid_OfManyInputChannels_HasARowAFilterAndAColumnAChannel()
    {
        using var scope = NewDisposeScope();
        var picture = FilterGrid.Draw(ones(16, 30, 5, 5), new FilterGridOptions { PixelSize = 4 });
        Assert.Equal((16 * 2) + (30 * 30) - 10, picture.Width);
        Assert.True(picture.Height > 16 * 20);
    }

    [Fact]
    public void FilterGrid_OfAModel_NamesItsConvolutions()
    {
        using var model = VisionModels.LeNet();
        Assert.Contains(
            "conv1, conv2",
            Assert.Throws<ArgumentException>(() => FilterGrid.Draw(model, "fc1")).Message,
            StringComparison.Ordinal
        );
        using var picture = Decode(FilterGrid.Draw(model, "conv2"));
        Assert.Equal((16 * 2) + (6 * ((24 * 5) + 10)) - 10, picture.Width); // six input channels of 5×5 weights
        Assert.NotEqual(SKColors.White, picture.GetPixel(16 + 12, 16 + 16 + 12)); // the first weight of the first filter
    }

    [Fact]
    public void FilterGrid_OfAnotherShape_SaysWhatItNeeds()
    {
        using var scope = NewDisposeScope();
        Assert.Contains(
            "[3, 4]",
            Assert.Throws<ArgumentException>(() => FilterGrid.Draw(zeros(3, 4))).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<InvalidOptionsException>(() => FilterGrid.Draw(zeros(1, 1, 2, 2), new FilterGridOptions { PixelSize = 0 }));
    }

    [Fact]
    public void FilterGrid_OfWeightsThatAreNotFinite_ShowsThemInTheirOwnColour()
    {
        using var scope = NewDisposeScope();
        using var picture = Decode(FilterGrid.Draw(full([2, 3, 3, 3], float.NaN)));
        Assert.Equal(ColorMaps.NotANumber, picture.GetPixel(16 + 36, 16 + 16 + 36));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(120)]
    public void LearningCurves_OfAnyLength_HasAPanelForLossAndOneForAccuracy(int epochs)
    {
        var picture = Charts.LearningCurves(History(epochs), new LearningCurvesOptions { PanelWidth = 400, Height = 300 });

        Assert.Equal((800, 300), (picture.Width, picture.Height));
        using var bitmap = Decode(picture);
        Assert.Contains(Pixels(bitmap), color => color == SKColor.Parse("#0072B2")); // train
        Assert.Contains(Pixels(bitmap), color => color == SKColor.Parse("#D55E00")); // test
    }

    [Fact]
    public void LearningCurves_OfARunWithNaN_StillDraws()
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var history = new Trainer(
            new TrainerOptions
            {
                Epochs = 3,
                Optimizer = new SgdOptions { LearningRate = 1e38 },
            }
        ).Fit(model, data);

        Assert.Contains(history["train_loss"], loss => !double.IsFinite(loss));
        using var bitmap = Decode(Charts.LearningCurves(history));
        Assert.Equal(1200, bitmap.Width); // a panel for the loss and one for the accuracy
        // accuracies are finite
        PictureAssert.Has(bitmap, ChartPalette.Light[0], within: new SKRectI(600, 0, 1200, bitmap.Height));
    }

    [Fact]
    public void LearningCurves_OfSeveralRuns_DrawsThemOverOneAnother()
    {
        var picture = Charts.LearningCurves(new Dictionary<string, TrainingHistory> { ["a"] = History(3), ["b"] = History(5) });
        Assert.Equal(1200, picture.Width);
        PictureAssert.HasLines(picture, 2);
        Assert.Throws<ArgumentException>(() => Charts.LearningCurves(new Dictionary<string, TrainingHistory>()));
    }

    [Fact]
    public void ActivationChart_HasARowALayer()
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 10, TestCount = 1 });
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var picture = ActivationStatistics.Measure(model, data.Train).Draw();
        Assert.Equal((1240, 680), (picture.Width, picture.Height));
        using var bitmap = Decode(picture);
        foreach (int top in new[] { 0, 340 })
        {
            PictureAssert.Has(bitmap, ChartPalette.Bars, within: new SKRectI(0, top, 620, top + 340));
            PictureAssert.Has(bitmap, ChartPalette.Bars, within: new SKRectI(620, top, 1240, top + 340));
        }
    }

    [Fact]
    public void SavePng_WhereTheFolderCannotBe_ThrowsAndLeavesNothing()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        File.WriteAllText(folder["file"], "");
        Assert.ThrowsAny<IOException>(() => FilterGrid.Draw(ones(1, 1, 2, 2)).SavePng(Path.Combine(folder["file"], "x.png")));
        Assert.Single(Directory.GetFileSystemEntries(folder.Root));
    }

    private static TrainingHistory History(int epochs)
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        return new Trainer(new TrainerOptions { Epochs = epochs, Seed = 1 }).Fit(model, data, data);
    }

    private static SKBitmap Decode(Picture picture) => PictureAssert.Decode(picture);

    private static IEnumerable<SKColor> Pixels(SKBitmap bitmap) => bitmap.Pixels;
}
