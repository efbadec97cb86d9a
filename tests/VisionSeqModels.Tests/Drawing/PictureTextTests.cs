using SkiaSharp;
using VisionSeqModels.Drawing;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Tests.Drawing;

/// <summary>Text in pictures: any script, and never cut.</summary>
[Collection("Console")]
public sealed class PictureTextTests
{
    // a character of Unicode's private use area: no font of a system has it, whatever is installed
    private const string InNoFont = "\uE0F7";

    [Fact]
    public void CharacterOfNoFont_IsABox_AndOneLineOfTheLog()
    {
        var (before, log) = (SkiaRuntime.Logger, new ListLogger());
        SkiaRuntime.Logger = log;
        try
        {
            string title = $"a{InNoFont}b{InNoFont}";
            var options = new HeatMapOptions { Title = title };
            using var picture = PictureAssert.Decode(HeatMap.Draw(new double[2, 2], options));
            HeatMap.Draw(new double[2, 2], options);
            Assert.Single(log.Warnings, line => line.Contains("U+E0F7", StringComparison.Ordinal));
            using var font = new PictureFont(12);
            Assert.True(font.Measure(title) > font.Measure("ab") + 12);
        }
        finally
        {
            SkiaRuntime.Logger = before;
        }
    }

    [Theory]
    [InlineData("猫と犬 学習率")]
    [InlineData("고양이")]
    [InlineData("a 😀 b 👩‍👩‍👧 ❤️")]
    [InlineData("unpaired \uD83D surrogate")]
    [InlineData("tab\tand\u0007bell")]
    public void AnyText_HasAWidth_WithOrWithoutAFontForIt(string text)
    {
        using var font = new PictureFont(12);
        Assert.InRange(font.Measure(text), 10, 12 * 2 * text.Length);
        string first = font.Wrap(text, 10_000)[0];
        Assert.Equal(font.Measure(text), font.Measure(first), 0.1);
    }

    [Theory]
    [InlineData("a title of several words that has to be broken")]
    [InlineData("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen")]
    [InlineData("猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫猫")]
    public void WrappedLines_FitTheRoom_AndLoseNothing(string text)
    {
        using var font = new PictureFont(12);
        var lines = font.Wrap(text, 100);
        Assert.All(lines, line => Assert.InRange(font.Measure(line), 0, 100));
        Assert.Equal(text.Replace(" ", ""), string.Concat(lines).Replace(" ", ""));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LongTitle_IsNeverCut(bool grid)
    {
        string title = string.Join(' ', Enumerable.Repeat("Wwwwwwwwwww", 14));
        using var picture = PictureAssert.Decode(
            grid
                ? ImageGrid.Draw(
                    [ImageTile.OfMap(new double[1, 1], ValueScale.Fixed(0, 1), ColorMap.Grey)],
                    new ImageGridOptions { Title = title, Columns = 1 }
                )
                : new ConfusionMatrix(
                    new long[,]
                    {
                        { 1, 0 },
                        { 0, 1 },
                    }
                ).Draw(new() { Title = title })
        );
        // nothing reaches the margin at the right, and all of it is there: as much ink as in one wide line
        for (int y = 0; y < picture.Height; y++)
        {
            Assert.Equal(SKColors.White, picture.GetPixel(picture.Width - 8, y));
        }

        using var font = new PictureFont(16);
        Assert.InRange(picture.Width, 300, 800);
        Assert.True(font.Wrap(title, picture.Width - 32).Count > 1);
    }

    [Theory]
    [InlineData(0.11, 0.19)]
    [InlineData(0.3, 0.3)]
    [InlineData(1e-12, 1e6)]
    [InlineData(0.9, 1.1)]
    [InlineData(5, 40)]
    public void Axes_HaveThreeLabelledTicksAtLeast(double least, double most)
    {
        foreach (
            var axis in new[]
            {
                ChartAxis.Around([least, most]),
                ChartAxis.Logarithmic([least, most]),
                ChartAxis.OfWhole(1, Math.Ceiling(most)),
                ChartAxis.Counts((long)most),
            }
        )
        {
            var inside = axis.Ticks.Where(tick => tick.Value >= axis.First - 1e-9 && tick.Value <= axis.Last + 1e-9).ToList();
            Assert.True(inside.Select(tick => tick.Label).Distinct().Count() >= 3, $"{axis}: {string.Join(' ', axis.Ticks)}");
        }
    }
}
