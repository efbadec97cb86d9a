using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>The legend of a picture of numbers: the map, the values at its ends, the scale's rule, and what is NaN or
/// infinite.</summary>
internal sealed class ColorLegend(ColorMap map, ValueScale? scale, string? meaning, NotFinite notFinite = default)
{
    private const int UsualBarWidth = 160;
    private const int Thickness = 12;
    private const int BarHeight = 50;
    private const int LineHeight = 18;

    /// <summary>Pixels in all; 0 where there is nothing to say.</summary>
    public int Height => (scale is null ? 0 : BarHeight) + (notFinite.Lines.Count * LineHeight);

    private string Rule => meaning is null ? scale!.Mode : $"{meaning}, {scale!.Mode}";

    /// <summary>How wide it has to be.</summary>
    public int Width(PictureFont font)
    {
        float bar = scale is null ? 0 : Math.Max(BarWidth(scale, font), font.Measure(Rule));
        return (int)Math.Ceiling(notFinite.Lines.Select(line => 20 + font.Measure(line.Text)).Append(bar).Max());
    }

    public void Paint(SKCanvas canvas, float left, float top, PictureFont font)
    {
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        using var fill = new SKPaint { IsAntialias = false };
        if (scale is not null)
        {
            PaintBar(canvas, scale, left, top, font, ink);
            top += BarHeight;
        }

        foreach (var (text, color) in notFinite.Lines)
        {
            fill.Color = color;
            canvas.DrawRect(left, top + 2, 12, 12, fill);
            font.Draw(canvas, text, left + 20, top + 12, ink);
            top += LineHeight;
        }
    }

    private void PaintBar(SKCanvas canvas, ValueScale scale, float left, float top, PictureFont font, SKPaint ink)
    {
        float width = BarWidth(scale, font);
        using var fill = new SKPaint { IsAntialias = false };
        for (int x = 0; x < width; x++)
        {
            fill.Color = ColorMaps.At(map, x / (width - 1));
            canvas.DrawRect(left + x, top, 1, Thickness, fill);
        }

        fill.Style = SKPaintStyle.Stroke;
        fill.Color = SKColors.Gray;
        canvas.DrawRect(left, top, width, Thickness, fill);
        font.Draw(canvas, scale.MinimumText, left, top + 26, ink);
        if (scale.Minimum < 0 && scale.Maximum == -scale.Minimum)
        {
            font.Draw(canvas, "0", left + (width / 2), top + 26, ink, SKTextAlign.Center);
        }

        font.Draw(canvas, scale.MaximumText, left + width, top + 26, ink, SKTextAlign.Right);
        font.Draw(canvas, Rule, left, top + 44, ink);
    }

    /// <summary>The labels of both ends stand below the bar, and a zero between them.</summary>
    private static float BarWidth(ValueScale scale, PictureFont font) =>
        MathF.Ceiling(Math.Max(UsualBarWidth, font.Measure(scale.MinimumText) + font.Measure(scale.MaximumText) + 30));
}
