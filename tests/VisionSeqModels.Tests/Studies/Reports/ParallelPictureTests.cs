using SkiaSharp;
using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What stands where in a search's picture. Without labels and names the first axis is at 18, the second at 188; places
/// 1 to 0 are the rows 44 to 356.</summary>
public sealed class ParallelPictureTests
{
    private static readonly SKColor Blue = SKColor.Parse(ChartPalette.Light[0]);

    [Fact]
    public void Line_EndsAtTheLastAxis()
    {
        using var picture = Pixels([("", []), ("", []), ("", [])], ("s", [1, 0, 1], 0));
        Assert.Equal((SKColors.White, Blue), (picture.GetPixel(103, 44), picture.GetPixel(103, 200)));
    }

    /// <summary>Of two settings the second has four tenths of the first one's ink.</summary>
    [Fact]
    public void BetterSetting_HasTheFullerLine()
    {
        using var picture = Pixels([("", []), ("", [])], ("best", [1, 1], 0), ("worst", [0, 0], 1));
        Assert.Equal(Blue, picture.GetPixel(103, 44));
        var pale = picture.GetPixel(103, 356);
        Assert.InRange(255 - pale.Red, (0.4 * 255) - 2, (0.4 * 255) + 2);
        Assert.InRange(255 - pale.Green, (0.4 * (255 - Blue.Green)) - 2, (0.4 * (255 - Blue.Green)) + 2);
    }

    [Fact]
    public void SlantingLine_IsSmooth()
    {
        using var picture = Pixels([("", []), ("", [])], ("s", [1, 0.7], 0));
        var colors = Enumerable.Range(0, picture.Height).Select(y => picture.GetPixel(103, y)).Distinct().ToList();
        Assert.Contains(Blue, colors);
        Assert.Contains(colors, color => color.Red is > 40 and < 215);
    }

    /// <summary>Lines fill all between the axes; a label lies on them with a pale ground, sixteen rows high, that lets them
    /// through.</summary>
    [Fact]
    public void Label_HasAPaleGround_WithinTheLines()
    {
        using var picture = Pixels(
            [("", []), ("", [(0.5, "88888888")])],
            [.. Enumerable.Range(0, 313).Select(i => ("s", (IReadOnlyList<double>)[i / 312.0, i / 312.0], 0))]
        );
        Assert.All([(182, 193), (182, 206), (150, 193), (150, 206)], at => Assert.True(IsPale(at), $"{at}"));
        Assert.All(
            [(182, 190), (182, 209), (150, 190), (150, 209), (186, 193), (60, 200)],
            at => Assert.Equal(Blue, picture.GetPixel(at.Item1, at.Item2))
        );

        bool IsPale((int X, int Y) at) => picture.GetPixel(at.X, at.Y).Red is > 180 and < 240;
    }

    [Fact]
    public void Label_EndsBeforeItsAxis_InTheMiddleOfItsTick()
    {
        using var picture = Pixels([("", [(0.5, "888")]), ("", [])]);
        int axis = Axes(picture)[0];
        var ink = Ink(picture, 0, axis - 5).ToList();
        Assert.InRange(ink.Max(at => at.X), axis - 9, axis - 6);
        Assert.InRange((ink.Min(at => at.Y) + ink.Max(at => at.Y)) / 2.0, 198, 202);
        Assert.Empty(Ink(picture, axis + 3, axis + 40));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void LongLabel_KeepsClearOfTheEdge_AndOfTheAxisBefore(int axis)
    {
        string text = new('m', 30);
        using var picture = Pixels([
            .. Enumerable
                .Range(0, 3)
                .Select(i => ("", (IReadOnlyList<(double, string)>)[(0.5, i == axis ? text : "1"), (0.2, "1")])),
        ]);
        var axes = Axes(picture);
        Assert.Equal(3, axes.Count);
        Assert.InRange(Ink(picture, 0, axes[0] - 5).Min(at => at.X), 10, 16);
        Assert.All([0, 1], i => Assert.Empty(Ink(picture, axes[i] + 3, axes[i] + 15)));
    }

    [Fact]
    public void Name_IsBold_AndHasItsRoom()
    {
        using var bold = new PictureFont(12, bold: true);
        string name = new('m', 40);
        using var picture = Pixels([(name, [])]);
        Assert.InRange(picture.Width - 24 - bold.Measure(name), -0.01, 1.01);
    }

    /// <summary>The columns of the axes, in a row without labels.</summary>
    private static List<int> Axes(SKBitmap picture) =>
        [.. Enumerable.Range(1, picture.Width - 1).Where(x => IsDark(picture, x, 60) && !IsDark(picture, x - 1, 60))];

    /// <summary>What is dark in some columns, in the rows of a label in the middle.</summary>
    private static IEnumerable<(int X, int Y)> Ink(SKBitmap picture, int left, int right) =>
        from x in Enumerable.Range(left, right - left)
        from y in Enumerable.Range(180, 41)
        where IsDark(picture, x, y)
        select (x, y);

    private static bool IsDark(SKBitmap picture, int x, int y) => picture.GetPixel(x, y).Red < 160;

    private static SKBitmap Pixels(
        IReadOnlyList<(string Name, IReadOnlyList<(double Place, string Label)> Ticks)> axes,
        params IReadOnlyList<(string Setting, IReadOnlyList<double> Places, int Rank)> lines
    ) => SKBitmap.Decode(ParallelPicture.Draw(new ParallelCoordinates(axes, lines)).ToPng());
}
