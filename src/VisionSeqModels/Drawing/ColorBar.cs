using System.Globalization;
using SkiaSharp;
using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>The legend of a picture of numbers: the map, the values at its ends, and the scale's rule.</summary>
internal static class ColorBar
{
    public const int Height = 50;
    private const int Width = 160;
    private const int Thickness = 12;

    public static void Paint(SKCanvas canvas, float left, float top, ColorMap map, ValueScale scale, string? meaning)
    {
        using var font = SkiaRuntime.CreateFont(12);
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        using var fill = new SKPaint { IsAntialias = false };
        for (int x = 0; x < Width; x++)
        {
            fill.Color = ColorMaps.At(map, (double)x / (Width - 1));
            canvas.DrawRect(left + x, top, 1, Thickness, fill);
        }

        fill.Style = SKPaintStyle.Stroke;
        fill.Color = SKColors.Gray;
        canvas.DrawRect(left, top, Width, Thickness, fill);
        canvas.DrawText(Text(scale.Minimum), left, top + 26, SKTextAlign.Left, font, ink);
        if (scale.Minimum < 0 && scale.Maximum == -scale.Minimum)
        {
            canvas.DrawText("0", left + (Width / 2), top + 26, SKTextAlign.Center, font, ink);
        }

        canvas.DrawText(Text(scale.Maximum), left + Width, top + 26, SKTextAlign.Right, font, ink);
        canvas.DrawText(meaning is null ? scale.Mode : $"{PlainText.Of(meaning)}, {scale.Mode}", left, top + 44, font, ink);
    }

    /// <summary>A number short enough for a legend, with a true minus sign.</summary>
    public static string Text(double value) =>
        value.ToString("0.###", CultureInfo.InvariantCulture) is var plain && (plain != "0" && plain != "-0" || value == 0)
            ? plain.Replace('-', '−')
            : value.ToString("0.#e0", CultureInfo.InvariantCulture).Replace('-', '−');
}
