using System.Globalization;
using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>The legend of a chart: as many entries in a row as fit, so that it never covers a line.</summary>
internal sealed class ChartLegend
{
    private const int Most = 64;
    private const int Sample = 34;
    private const int Gap = 18;
    private const int LineHeight = 18;
    private readonly PictureFont _font;
    private readonly List<(LegendEntry Entry, IReadOnlyList<string> Lines, float X, float Y)> _places = [];

    public ChartLegend(IReadOnlyList<LegendEntry> entries, float width, PictureFont font)
    {
        _font = font;
        if (entries.Count > Most)
        {
            string rest = string.Create(CultureInfo.InvariantCulture, $"and {entries.Count - Most:n0} more lines");
            entries = [.. entries.Take(Most), LegendEntry.Plain(rest)];
        }

        float x = 0,
            rowHeight = LineHeight;
        foreach (var entry in entries)
        {
            int sample = entry.Sign == LegendSign.None ? 0 : Sample;
            var lines = font.Wrap(entry.Text, width - sample);
            float wide = sample + lines.Max(font.Measure);
            if (x > 0 && x + wide > width)
            {
                (x, Height, rowHeight) = (0, Height + rowHeight, LineHeight);
            }

            _places.Add((entry, lines, x, Height));
            rowHeight = Math.Max(rowHeight, lines.Count * LineHeight);
            (x, Width) = (x + wide + Gap, Math.Max(Width, x + wide));
        }

        Height += entries.Count == 0 ? 0 : rowHeight;
    }

    /// <summary>Pixels in all.</summary>
    public float Height { get; }

    /// <summary>Pixels of the widest row.</summary>
    public float Width { get; }

    public void Paint(SKCanvas canvas, float left, float top)
    {
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        foreach (var (entry, lines, x, y) in _places)
        {
            PaintSample(canvas, entry, left + x, top + y + (LineHeight / 2f));
            for (int i = 0; i < lines.Count; i++)
            {
                float at = left + x + (entry.Sign == LegendSign.None ? 0 : Sample);
                _font.Draw(canvas, lines[i], at, top + y + 13 + (i * LineHeight), ink);
            }
        }
    }

    private static void PaintSample(SKCanvas canvas, LegendEntry entry, float x, float y)
    {
        var middle = new SKPoint(x + ((Sample - 6) / 2f), y);
        switch (entry.Sign)
        {
            case LegendSign.Line:
                ChartInk.Line(canvas, [new SKPoint(x, y), new SKPoint(x + Sample - 6, y)], entry.Look, 2);
                ChartInk.Marker(canvas, middle, entry.Look, 4);
                break;
            case LegendSign.Area:
                using (var fill = new SKPaint { Color = entry.Color })
                {
                    canvas.DrawRect(x + 8, y - 6, 12, 12, fill);
                }

                break;
            case LegendSign.Cross:
                ChartInk.Cross(canvas, middle, entry.Color);
                break;
            case LegendSign.Ring:
                ChartInk.Ring(canvas, middle, entry.Color);
                break;
            default:
                break;
        }
    }
}
