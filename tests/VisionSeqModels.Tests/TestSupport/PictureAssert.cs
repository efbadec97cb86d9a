using SkiaSharp;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Tests;

/// <summary>What can be seen in a picture.</summary>
internal static class PictureAssert
{
    public static SKBitmap Decode(Picture picture)
    {
        var bitmap = SKBitmap.Decode(picture.ToPng());
        Assert.Equal((picture.Width, picture.Height), (bitmap.Width, bitmap.Height));
        return bitmap;
    }

    /// <summary>Some pixel of a part of the picture, or of all of it, has exactly this colour.</summary>
    public static void Has(SKBitmap picture, string color, SKRectI? within = null)
    {
        var area = within ?? new SKRectI(0, 0, picture.Width, picture.Height);
        var wanted = SKColor.Parse(color);
        Assert.True(
            Enumerable
                .Range(area.Top, area.Height)
                .Any(y => Enumerable.Range(area.Left, area.Width).Any(x => picture.GetPixel(x, y) == wanted)),
            $"No pixel of {area} in a picture of {picture.Width}×{picture.Height} is {wanted}."
        );
    }

    /// <summary>The picture has lines in the first colours of the palette, and in no other of them but black, which is ink
    /// too.</summary>
    public static void HasLines(Picture picture, int count)
    {
        using var bitmap = Decode(picture);
        var seen = bitmap.Pixels.ToHashSet();
        var black = SKColors.Black;
        Assert.Equal(
            ChartPalette.Light.Take(count).Where(color => SKColor.Parse(color) != black),
            ChartPalette.Light.Where(color => SKColor.Parse(color) != black && seen.Contains(SKColor.Parse(color)))
        );
    }

    /// <summary>The first place in a row, from the left, that is neither grey, black nor white.</summary>
    public static int FirstColored(SKBitmap picture, int row, int from = 0) =>
        Enumerable.Range(from, picture.Width - from).First(x => !IsGrey(picture.GetPixel(x, row)));

    /// <summary>The colour at that place.</summary>
    public static SKColor FirstColor(SKBitmap picture, int row, int from = 0) =>
        picture.GetPixel(FirstColored(picture, row, from), row);

    /// <summary>How many stretches of a row are not white.</summary>
    public static int TilesInRow(SKBitmap picture, int row)
    {
        bool[] white = [.. Enumerable.Range(0, picture.Width).Select(x => picture.GetPixel(x, row) == SKColors.White)];
        return white.Zip(white.Skip(1)).Count(pair => pair is { First: true, Second: false });
    }

    private static bool IsGrey(SKColor color) => color.Red == color.Green && color.Green == color.Blue;
}
