using System.Globalization;
using SkiaSharp;

namespace VisionSeqModels.Visualization;

/// <summary>The layout of a filter grid and its drawing.</summary>
internal sealed class FilterGridDrawing
{
    private const int Margin = 16;
    private const int Gap = 10;
    private const int LabelHeight = 16;
    private const int TitleHeight = 26;
    private const int LegendHeight = 64;
    private const int LeastWidth = 300; // for title and legend

    private readonly float[] _values;
    private readonly FilterGridOptions _options;
    private readonly int _filters;
    private readonly int _channels;
    private readonly int _height;
    private readonly int _width;
    private readonly bool _rgb;
    private readonly float _largest;

    public FilterGridDrawing(float[] values, long[] shape, FilterGridOptions options)
    {
        _values = values;
        _options = options;
        (_filters, _channels, _height, _width) = ((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]);
        _rgb = _channels == 3 && options.Rgb;
        _largest = Magnitude(values);
    }

    // In colour, or with one input channel, tiles flow in rows; else a row is a filter and a column an input channel.
    private bool OneTileAFilter => _rgb || _channels == 1;

    private int Columns => OneTileAFilter ? Math.Min(_options.Columns ?? (int)Math.Ceiling(Math.Sqrt(_filters)), _filters) : _channels;

    private int Rows => OneTileAFilter ? (_filters + Columns - 1) / Columns : _filters;

    private int TileWidth => _width * _options.PixelSize;

    private int TileHeight => _height * _options.PixelSize;

    private int Top => Margin + (_options.Title is null ? 0 : TitleHeight);

    public Picture Draw()
    {
        int width = Math.Max(LeastWidth, (2 * Margin) + (Columns * (TileWidth + Gap)) - Gap);
        int height = Top + (Rows * (LabelHeight + TileHeight + Gap)) + LegendHeight;
        return Picture.Draw(width, height, canvas => Paint(canvas, height));
    }

    private void Paint(SKCanvas canvas, int height)
    {
        using var font = SkiaRuntime.CreateFont(12);
        using var large = SkiaRuntime.CreateFont(16);
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        if (_options.Title is string title)
        {
            canvas.DrawText(title, Margin, Margin + 10, large, ink);
        }

        for (int filter = 0; filter < _filters; filter++)
        {
            float largest = _options.Scale == FilterScale.Shared ? _largest : Magnitude(FilterValues(filter));
            int tiles = OneTileAFilter ? 1 : _channels;
            for (int tile = 0; tile < tiles; tile++)
            {
                int column = OneTileAFilter ? filter % Columns : tile;
                int row = OneTileAFilter ? filter / Columns : filter;
                float left = Margin + (column * (TileWidth + Gap));
                float top = Top + (row * (LabelHeight + TileHeight + Gap));
                if (tile == 0)
                {
                    canvas.DrawText(Label(filter, largest), left, top + 12, font, ink);
                }

                PaintTile(canvas, filter, tile, largest, left, top + LabelHeight);
            }
        }

        PaintLegend(canvas, font, ink, height - LegendHeight + 6);
    }

    private string Label(int filter, float largest) => _options.Scale == FilterScale.PerFilter ? $"{filter} (±{Text(largest)})" : $"{filter}";

    private void PaintTile(SKCanvas canvas, int filter, int channel, float largest, float left, float top)
    {
        using var fill = new SKPaint { IsAntialias = false };
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                fill.Color = _rgb
                    ? new SKColor(Level(filter, 0, y, x, largest), Level(filter, 1, y, x, largest), Level(filter, 2, y, x, largest))
                    : Grey(Level(filter, channel, y, x, largest));
                int size = _options.PixelSize;
                canvas.DrawRect(left + (x * size), top + (y * size), size, size, fill);
            }
        }
    }

    private void PaintLegend(SKCanvas canvas, SKFont font, SKPaint ink, float top)
    {
        const int barWidth = 128;
        using var fill = new SKPaint { IsAntialias = false };
        for (int x = 0; x < barWidth; x++)
        {
            fill.Color = Grey((byte)(x * 255 / (barWidth - 1)));
            canvas.DrawRect(Margin + x, top, 1, 12, fill);
        }

        bool shared = _options.Scale == FilterScale.Shared;
        canvas.DrawText(shared ? Text(-_largest) : "−max", Margin, top + 26, SKTextAlign.Left, font, ink);
        canvas.DrawText("0", Margin + (barWidth / 2), top + 26, SKTextAlign.Center, font, ink);
        canvas.DrawText(shared ? Text(_largest) : "max", Margin + barWidth, top + 26, SKTextAlign.Right, font, ink);
        string note = (_rgb ? "weight, by colour channel" : OneTileAFilter ? "weight" : "weight; a column for each input channel") + (shared ? "" : ", own scale each");
        canvas.DrawText(note, Margin, top + 44, font, ink);
    }

    private ReadOnlySpan<float> FilterValues(int filter)
    {
        int length = _channels * _height * _width;
        return _values.AsSpan(filter * length, length);
    }

    private byte Level(int filter, int channel, int y, int x, float largest)
    {
        float value = _values[(((((filter * _channels) + channel) * _height) + y) * _width) + x];
        float level = largest > 0 && float.IsFinite(value) ? 127.5f + (127.5f * value / largest) : 127.5f;
        return (byte)Math.Clamp(MathF.Round(level), 0, 255);
    }

    private static SKColor Grey(byte level) => new(level, level, level);

    private static float Magnitude(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = float.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : largest;
        }

        return largest;
    }

    private static string Text(float value) => value.ToString("0.###", CultureInfo.InvariantCulture).Replace('-', '−');
}
