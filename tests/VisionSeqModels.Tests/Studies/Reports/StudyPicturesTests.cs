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

    /// <summary>The first axis has a tick at its lower end, with a label to the left of it.</summary>
    [Fact]
    public void Tick_HasItsMarkAndItsLabel()
    {
        var search = new ParallelCoordinates([("aaaaaaaa", [(0, "888")]), ("b", [])], []);
        using var picture = Pixels(search);
        int first = Enumerable.Range(0, picture.Width).First(x => IsDark(picture, x, 150));
        Assert.True(IsDark(picture, first - 2, 356) || IsDark(picture, first - 2, 355));
        bool HasInk(int left, int top, int right, int bottom) =>
            Enumerable.Range(left, right - left).Any(x => Enumerable.Range(top, bottom - top).Any(y => IsDark(picture, x, y)));
        Assert.True(HasInk(first - 24, 350, first - 5, 362));
        Assert.False(HasInk(first - 24, 38, first - 5, 50)); // none at the upper end
        Assert.True(HasInk(first - 20, 8, first - 2, 24)); // the name, in the middle above
        Assert.True(HasInk(first + 3, 8, first + 20, 24));
        Assert.False(HasInk(first + 170 - 24, 300, first + 170 - 2, 370));
    }

    [Fact]
    public void LongNameOfASetting_IsCutAfterThirtyLetters()
    {
        byte[] Drawn(string name)
        {
            CurvePictures.Write(
                new StudyCurves(Summary(Trial(name, 1) with { History = History("test_accuracy", 0, 1) })),
                _folder.Root
            );
            return File.ReadAllBytes(_folder["test_accuracy_by_setting.png"]);
        }

        string name = "abcdefghijklmnopqrstuvwxyzabcdef";
        Assert.Equal(Drawn(name[..29] + "…"), Drawn(name[..31]));
        Assert.Equal(Drawn(name[..29] + "…"), Drawn(name[..32]));
        Assert.NotEqual(Drawn(name[..29] + "…"), Drawn(name[..30]));
    }

    /// <summary>Accuracies 0 and 1 at the epochs 1 and 2: the axes begin at 0, and the epochs have a little room.</summary>
    [Fact]
    public void Chart_HasItsAxes_ItsLine_AndALegendWhereItIsLarge()
    {
        ChartPanel Panel(string title, bool isLarge, (double, string)[] ticks) =>
            new()
            {
                Title = title,
                XTitle = isLarge ? "epoch" : "",
                X = new ChartAxis(-0.06, 2.06, [(0, "0"), (1, "1"), (2, "2")]),
                Y = new ChartAxis(0, 1, ticks),
                Items = [painter => painter.Line([1, 2], [0, 1], ChartLook.Of(0), 0)],
                Legend = isLarge ? [LegendEntry.Line("a", ChartLook.Of(0))] : [],
            };
        (double, string)[] fifths = [(0, "0"), (0.2, "0.2"), (0.4, "0.4"), (0.6, "0.6"), (0.8, "0.8"), (1, "1.0")];
        CurvePictures.Write(
            new StudyCurves(Summary(Trial("a", 1) with { History = History("test_accuracy", 0, 1) })),
            _folder.Root
        );
        Assert.Equal(
            ChartSheet.Draw([Panel("test accuracy", true, fifths)], 900, 440, 1).ToPng(),
            File.ReadAllBytes(_folder["test_accuracy.png"])
        );
        Assert.Equal(
            ChartSheet.Draw([Panel("a", false, [(0, "0"), (0.5, "0.5"), (1, "1.0")])], 900, 190, 1).ToPng(),
            File.ReadAllBytes(_folder["test_accuracy_by_setting.png"])
        );
    }

    /// <summary>Three epochs fill the width alike, whichever they are.</summary>
    [Fact]
    public void Line_GoesFromSideToSide_WhereverTheEpochsBegin()
    {
        (int, int) Sides(int first)
        {
            var history = History([.. Enumerable.Range(0, 3).Select(i => Epoch.Of(first + i, "test_accuracy", 0.5 * i))]);
            CurvePictures.Write(new StudyCurves(Summary(Trial("a", 1) with { History = history })), _folder.Root);
            using var picture = SKBitmap.Decode(_folder["test_accuracy_by_setting.png"]);
            int[] columns =
            [
                .. Enumerable
                    .Range(0, picture.Width)
                    .Where(x => Enumerable.Range(3, picture.Height - 7).Any(y => IsBlue(picture, x, y))),
            ];
            return (columns[0], columns[^1]);
        }

        var (left, right) = Sides(1);
        var (laterLeft, laterRight) = Sides(101);
        Assert.True(right - left > 700);
        Assert.InRange(laterLeft, left - 2, left + 2);
        Assert.InRange(laterRight, right - 2, right + 2);
    }

    [Fact]
    public void HeatMap_HasTheValuesInIt_FromTheLeastColourToTheLast()
    {
        HeatMapOptions Of(ValueScale? scale, Func<int, int, string> text) =>
            new()
            {
                Title = "loss by rate and size",
                RowTitle = "rate",
                ColumnTitle = "size",
                RowNames = ["1", "2"],
                ColumnNames = ["32"],
                Scale = scale,
                CellWidth = 64,
                CellHeight = 32,
                CellText = text,
            };
        byte[] Drawn(double first, double second) => new GridMap(
                "rate",
                "size",
                ["1", "2"],
                ["32"],
                new[,]
                {
                    { first },
                    { second },
                }
            ).Draw("loss").ToPng();
        Assert.Equal(
            HeatMap
                .Draw(
                    new[,]
                    {
                        { -2.0 },
                        { 1.0 },
                    },
                    Of(ValueScale.Fixed(-2, 1), (row, _) => row == 0 ? "-2.0000" : "1.0000")
                )
                .ToPng(),
            Drawn(-2, 1)
        );
        Assert.Equal(
            HeatMap
                .Draw(
                    new[,]
                    {
                        { 2.0 },
                        { 2.0 },
                    },
                    Of(null, (_, _) => "2.0000")
                )
                .ToPng(),
            Drawn(2, 2)
        );
        Assert.Equal(
            HeatMap
                .Draw(
                    new[,]
                    {
                        { double.NaN },
                        { double.NaN },
                    },
                    Of(null, (_, _) => "NaN")
                )
                .ToPng(),
            Drawn(double.NaN, double.NaN)
        );
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
