using SkiaSharp;
using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The pictures beside report.md: their names, their titles, and what is drawn.</summary>
public sealed class StudyPicturesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Curves_AreAFileAMetric_AndOneBySetting()
    {
        string[] names = ["val_loss", "train_loss", "test_accuracy", "train_f1/macro"];
        var trial = Trial("a", 1) with { History = History([Epoch.Of(1, names.ToDictionary(name => name, _ => 1.0))]) };
        var pictures = CurvePictures.Write(new StudyCurves(Summary(trial)), _folder.Root);
        Assert.Equal(
            [
                ("test accuracy by epoch", "test_accuracy.png"),
                ("loss, training and validation, by epoch", "val_loss.png"),
                ("train f1/macro by epoch", "train_f1%2Fmacro.png"),
                ("Each setting by itself: test accuracy by epoch", "test_accuracy_by_setting.png"),
                ("Each setting by itself: val loss by epoch", "val_loss_by_setting.png"),
            ],
            pictures
        );
        Assert.All(pictures, picture => Assert.True(File.Exists(_folder[picture.File]), picture.File));
        Assert.Equal((900, 1120), (Width("test_accuracy.png"), Width("val_loss.png"))); // two side by side
    }

    [Fact]
    public void SmallCharts_StandInRowsOfFour()
    {
        var many = Summary([.. Enumerable.Range(0, 5).Select(Ran)]);
        CurvePictures.Write(new StudyCurves(many), _folder.Root);
        using var five = SKBitmap.Decode(_folder["test_accuracy_by_setting.png"]);
        CurvePictures.Write(new StudyCurves(Summary([.. Enumerable.Range(0, 4).Select(Ran)])), _folder.Root);
        using var four = SKBitmap.Decode(_folder["test_accuracy_by_setting.png"]);
        Assert.Equal((900, 900), (four.Width, five.Width));
        Assert.Equal(2 * four.Height, five.Height);

        static TrialResult Ran(int i) => Trial($"s{i}", 1) with { History = History("test_accuracy", 0, 1) };
    }

    [Fact]
    public void Grid_HasAMapForEachTwoFactors()
    {
        string[] values = ["1", "2"];
        var report = new StudyReport(
            new StudySummary(
                TheStudy with
                {
                    Plan = StudyPlanKind.Grid,
                },
                [
                    .. from a in values
                    from b in values
                    from c in values
                    select Trial($"{a} {b} {c}", 0.5, factors: [("a", a), ("b", b), ("c", c)]),
                ]
            )
        );
        var pictures = FactorPictures.Write(report, _folder.Root);
        Assert.Equal(
            [
                ("final test accuracy by a and b", "effects.png"),
                ("final test accuracy by a and c", "effects_2.png"),
                ("final test accuracy by b and c", "effects_3.png"),
            ],
            pictures
        );
        Assert.All(pictures, picture => Assert.True(File.Exists(_folder[picture.File]), picture.File));
    }

    [Fact]
    public void Search_HasItsLines_OthersHaveNone()
    {
        var search = new StudyReport(
            new StudySummary(
                TheStudy with
                {
                    Plan = StudyPlanKind.Sampled,
                },
                [.. Enumerable.Range(1, 10).Select(i => Trial($"rate {i}", i, factors: [("rate", $"{i}")]))]
            )
        );
        Assert.Equal([(ParallelCoordinates.Caption, "coordinates.png")], FactorPictures.Write(search, _folder.Root));
        Assert.True(File.Exists(_folder["coordinates.png"]));
        Assert.Empty(FactorPictures.Write(new StudyReport(Summary(Trial("a", 1), Trial("b", 2))), _folder.Root));
    }

    /// <summary>The axes are black lines, 170 pixels apart, from the top place to the bottom one.</summary>
    [Fact]
    public void Lines_GoFromAxisToAxis()
    {
        var search = new ParallelCoordinates([("a", [(0, "1")]), ("b", []), ("c", [])], [("s", [1, 0, 1], 0)]);
        using var picture = Pixels(search);
        Assert.Equal(380, picture.Height);
        int[] axes = [.. Enumerable.Range(0, picture.Width).Where(x => IsDark(picture, x, 150))];
        int first = axes[0];
        Assert.All(axes, x => Assert.InRange((x - first) % 170, 0, 1));
        Assert.InRange(axes[^1] - first, 340, 341);
        Assert.Equal((true, false), (IsDark(picture, first, 50), IsDark(picture, first, 36)));
        Assert.Equal((true, false), (IsDark(picture, first, 350), IsDark(picture, first, 362)));
        Assert.True(IsBlue(picture, first + 85, 200)); // half way down to the second axis
        Assert.True(IsBlue(picture, first + 170 + 85, 200)); // and up to the third
    }

    [Fact]
    public void PictureOfManyAxes_HasFortyOfThem()
    {
        ParallelCoordinates Of(int axes) =>
            new(
                [.. Enumerable.Range(0, axes).Select(i => ("a", (IReadOnlyList<(double, string)>)[]))],
                [("s", [.. Enumerable.Repeat(0.5, axes)], 0)]
            );
        Assert.Equal(ParallelPicture.Draw(Of(40)).Width, ParallelPicture.Draw(Of(41)).Width);
        Assert.Equal(170, ParallelPicture.Draw(Of(40)).Width - ParallelPicture.Draw(Of(39)).Width);
    }

    [Fact]
    public void LongTexts_HaveRoom()
    {
        int Wide(string first, string second, string name, string last) =>
            ParallelPicture.Draw(new ParallelCoordinates([(name, [(0, first)]), (last, [(0, second)])], [])).Width;
        string text = new('m', 40);
        int plain = Wide("1", "1", "a", "b");
        Assert.InRange(Wide(text, "1", "a", "b") - plain, 200, 600);
        Assert.InRange(Wide("1", text, "a", "b") - plain, 100, 600);
        Assert.InRange(Wide("1", "1", text, "b") - plain, 100, 300);
        Assert.InRange(Wide("1", "1", "a", text) - plain, 100, 300);
    }

    private int Width(string file)
    {
        using var picture = SKBitmap.Decode(_folder[file]);
        return picture.Width;
    }

    private static SKBitmap Pixels(ParallelCoordinates search) => SKBitmap.Decode(ParallelPicture.Draw(search).ToPng());

    private static bool IsDark(SKBitmap picture, int x, int y) =>
        picture.GetPixel(x, y) is { Red: < 160, Green: < 160, Blue: < 160 };

    private static bool IsBlue(SKBitmap picture, int x, int y) =>
        Enumerable.Range(y - 3, 7).Any(at => picture.GetPixel(x, at) == SKColor.Parse(ChartPalette.Light[0]));
}
