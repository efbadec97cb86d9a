using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>One chart: title, axes, what is drawn between them, and the legend below.</summary>
internal sealed class ChartPanel : IDisposable
{
    private const int Rim = 12;
    private const int TickLength = 5;
    private const float FreeForLegend = 0.2f; // of the height that is asked for; a higher legend makes the chart higher
    private readonly PictureFont _titleFont = new(15, bold: true);
    private readonly PictureFont _font = new(12);

    /// <summary>The title; empty for none.</summary>
    public required string Title { get; init; }

    /// <summary>Smaller lines below the title.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the horizontal axis is.</summary>
    public string XTitle { get; init; } = "";

    /// <summary>What the vertical axis is.</summary>
    public string YTitle { get; init; } = "";

    /// <summary>The horizontal axis.</summary>
    public required ChartAxis X { get; init; }

    /// <summary>The vertical axis.</summary>
    public required ChartAxis Y { get; init; }

    /// <summary>What is drawn, in order.</summary>
    public required IReadOnlyList<Action<ChartPainter>> Items { get; init; }

    /// <summary>The legend.</summary>
    public IReadOnlyList<LegendEntry> Legend { get; init; } = [];

    /// <summary>The height that the chart needs so that title and legend leave enough for the lines.</summary>
    public int HeightFor(int width, int height)
    {
        float extra = new ChartLegend(Legend, width - (2 * Rim), _font).Height + TitleHeight(width) - 24;
        return height + (int)Math.Ceiling(Math.Max(0, extra - (FreeForLegend * height)));
    }

    public void Paint(SKCanvas canvas, SKRect area)
    {
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        var legend = new ChartLegend(Legend, area.Width - (2 * Rim), _font);
        float top = PaintTitle(canvas, area, ink) + 8,
            bottom = area.Bottom - legend.Height - (Legend.Count == 0 ? 8 : 14);
        legend.Paint(canvas, area.Left + ((area.Width - legend.Width) / 2), bottom + 8);
        float labels = Y.Ticks.Select(tick => _font.Measure(tick.Label)).DefaultIfEmpty(0).Max();
        var plot = new SKRect(
            area.Left + Rim + (YTitle.Length == 0 ? 0 : _font.LineHeight + 4) + labels + TickLength + 3,
            top,
            area.Right - Rim - 8,
            bottom - TickLength - 16 - (XTitle.Length == 0 ? 0 : _font.LineHeight + 2)
        );
        if (plot.Width < 10 || plot.Height < 10)
        {
            return;
        }

        PaintAxes(canvas, area, plot, ink);
        canvas.Save();
        canvas.ClipRect(new SKRect(plot.Left - 6, plot.Top - 6, plot.Right + 6, plot.Bottom + 6));
        var painter = new ChartPainter(canvas, plot, X, Y);
        foreach (var item in Items)
        {
            item(painter);
        }

        canvas.Restore();
    }

    public void Dispose()
    {
        _titleFont.Dispose();
        _font.Dispose();
    }

    private float TitleHeight(float width) =>
        (Title.Length == 0 ? 0 : _titleFont.Wrap(Title, width - (2 * Rim)).Count * _titleFont.LineHeight)
        + Notes.Sum(note => _font.Wrap(note, width - (2 * Rim)).Count * _font.LineHeight);

    private float PaintTitle(SKCanvas canvas, SKRect area, SKPaint ink)
    {
        float y = area.Top + 6;
        void Lines(PictureFont font, string text)
        {
            foreach (string line in font.Wrap(text, area.Width - (2 * Rim)))
            {
                y += font.LineHeight;
                font.Draw(canvas, line, area.MidX, y - 4, ink, SKTextAlign.Center);
            }
        }

        if (Title.Length > 0)
        {
            Lines(_titleFont, Title);
        }

        foreach (string note in Notes)
        {
            Lines(_font, note);
        }

        return y;
    }

    private void PaintAxes(SKCanvas canvas, SKRect area, SKRect plot, SKPaint ink)
    {
        using var grid = new SKPaint { Color = new SKColor(0xE4, 0xE4, 0xE4) };
        using var line = new SKPaint { Color = SKColors.Black };
        foreach (var (value, label) in Y.Ticks)
        {
            float y = (float)(plot.Bottom - ((value - Y.First) / (Y.Last - Y.First) * plot.Height));
            canvas.DrawLine(plot.Left, y, plot.Right, y, grid);
            canvas.DrawLine(plot.Left - TickLength, y, plot.Left, y, line);
            _font.Draw(canvas, label, plot.Left - TickLength - 3, y + 4, ink, SKTextAlign.Right);
        }

        foreach (var (value, label) in X.Ticks)
        {
            float x = (float)(plot.Left + ((value - X.First) / (X.Last - X.First) * plot.Width));
            canvas.DrawLine(x, plot.Top, x, plot.Bottom, grid);
            canvas.DrawLine(x, plot.Bottom, x, plot.Bottom + TickLength, line);
            _font.Draw(canvas, label, x, plot.Bottom + TickLength + 13, ink, SKTextAlign.Center);
        }

        canvas.DrawLine(plot.Left, plot.Top, plot.Left, plot.Bottom, line);
        canvas.DrawLine(plot.Left, plot.Bottom, plot.Right, plot.Bottom, line);
        _font.Draw(canvas, XTitle, plot.MidX, plot.Bottom + TickLength + 15 + _font.LineHeight, ink, SKTextAlign.Center);
        _font.DrawTurned(canvas, YTitle, area.Left + Rim + 10, plot.MidY, ink, SKTextAlign.Center);
    }
}
