using System.Globalization;
using SkiaSharp;
using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>The layout of a heat map and its drawing.</summary>
internal sealed class HeatMapDrawing
{
    private const int Margin = 16;
    private const int TitleHeight = 26;
    private const int LineHeight = 16;
    private const int UsualWidth = 560;
    private const int UsualHeight = 420;
    private const int ImageWidth = 140;
    private static readonly int[] Steps = [1, 2, 5, 10, 20, 50, 100, 200, 500];

    private readonly double[,] _values;
    private readonly HeatMapOptions _options;
    private readonly ColorMap _map;
    private readonly ValueScale _scale;
    private readonly int _cellWidth;
    private readonly int _cellHeight;

    public HeatMapDrawing(double[,] values, HeatMapOptions options)
    {
        _values = values;
        _options = options;
        var all = values.Cast<double>();
        bool signed = all.Any(value => value < 0);
        _map = options.Map ?? (signed ? ColorMap.Diverging : ColorMap.Sequential);
        _scale = options.Scale ?? (signed ? ValueScale.Symmetric(all) : ValueScale.Fixed(0, ValueScale.MinMax(all).Maximum));
        _cellWidth = options.CellWidth ?? Math.Clamp(UsualWidth / Columns, 3, 48);
        _cellHeight = options.CellHeight ?? Math.Clamp(UsualHeight / Rows, 3, 48);
    }

    private int Rows => _values.GetLength(0);

    private int Columns => _values.GetLength(1);

    public Picture Draw()
    {
        using var font = SkiaRuntime.CreateFont(12);
        string[] rowNames = Names(_options.RowNames, Rows),
            columnNames = Names(_options.ColumnNames, Columns);
        int rowNameWidth = (int)Math.Ceiling(rowNames.Max(name => font.MeasureText(name))) + 8;
        int columnNameWidth = (int)Math.Ceiling(columnNames.Max(name => font.MeasureText(name)));
        bool turned = columnNameWidth + 6 > _cellWidth && _options.ColumnNames is not null;
        int image = _options.Image is null ? 0 : ImageWidth + Margin;
        int left = Margin + image + (_options.RowTitle is null ? 0 : LineHeight) + rowNameWidth;
        int top = Margin + (_options.Title is null ? 0 : TitleHeight);
        int below = (turned ? columnNameWidth + 8 : LineHeight + 2) + (_options.ColumnTitle is null ? 0 : LineHeight);
        int bottom = top + (Rows * _cellHeight);
        int width = Math.Max(left + (Columns * _cellWidth) + Margin, left + 300);
        int height = Math.Max(bottom, top + (_options.Image is null ? 0 : ImageWidth)) + below + ColorBar.Height + 12;
        return Picture.Draw(
            width,
            height,
            canvas =>
            {
                using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
                ImageGrid.PaintTitle(canvas, _options.Title, ink);
                PaintImage(canvas, top);
                PaintCells(canvas, left, top, font);
                PaintRowNames(canvas, rowNames, left, top, font, ink);
                PaintColumnNames(canvas, columnNames, left, bottom, turned, font, ink);
                PaintAxisTitles(canvas, left, top, bottom, below, font, ink);
                ColorBar.Paint(canvas, left, height - ColorBar.Height - 6, _map, _scale, _options.Meaning);
            }
        );
    }

    private void PaintImage(SKCanvas canvas, float top)
    {
        if (_options.Image is ImageTile tile)
        {
            ImageGrid.PaintPixels(canvas, tile, Margin, top, Math.Max(1, ImageWidth / Math.Max(tile.Width, tile.Height)));
        }
    }

    private void PaintCells(SKCanvas canvas, float left, float top, SKFont font)
    {
        using var fill = new SKPaint { IsAntialias = false };
        using var ink = new SKPaint { IsAntialias = true };
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                fill.Color = ColorMaps.At(_map, _scale.Position(_values[row, column]));
                float x = left + (column * _cellWidth),
                    y = top + (row * _cellHeight);
                canvas.DrawRect(x, y, _cellWidth, _cellHeight, fill);
                if (_options.CellText is not null)
                {
                    ink.Color = ColorMaps.InkOn(fill.Color);
                    canvas.DrawText(
                        PlainText.Of(_options.CellText(row, column)),
                        x + (_cellWidth / 2f),
                        y + (_cellHeight / 2f) + 4,
                        SKTextAlign.Center,
                        font,
                        ink
                    );
                }
            }
        }
    }

    private void PaintRowNames(SKCanvas canvas, string[] names, float left, float top, SKFont font, SKPaint ink)
    {
        for (int row = 0; row < Rows; row += Step(_cellHeight, 14, _options.RowNames is not null))
        {
            canvas.DrawText(names[row], left - 6, top + ((row + 0.5f) * _cellHeight) + 4, SKTextAlign.Right, font, ink);
        }
    }

    private void PaintColumnNames(
        SKCanvas canvas,
        string[] names,
        float left,
        float bottom,
        bool turned,
        SKFont font,
        SKPaint ink
    )
    {
        for (int column = 0; column < Columns; column += Step(_cellWidth, turned ? 14 : 28, _options.ColumnNames is not null))
        {
            float x = left + ((column + 0.5f) * _cellWidth);
            if (!turned)
            {
                canvas.DrawText(names[column], x, bottom + 14, SKTextAlign.Center, font, ink);
                continue;
            }

            canvas.Save();
            canvas.RotateDegrees(-90, x + 4, bottom + 6);
            canvas.DrawText(names[column], x + 4, bottom + 6, SKTextAlign.Right, font, ink);
            canvas.Restore();
        }
    }

    private void PaintAxisTitles(SKCanvas canvas, float left, float top, float bottom, int below, SKFont font, SKPaint ink)
    {
        if (_options.ColumnTitle is string columns)
        {
            canvas.DrawText(
                PlainText.Of(columns),
                left + (Columns * _cellWidth / 2f),
                bottom + below - 4,
                SKTextAlign.Center,
                font,
                ink
            );
        }

        if (_options.RowTitle is string rows)
        {
            float x = Margin + (_options.Image is null ? 0 : ImageWidth + Margin) + 10,
                y = (top + bottom) / 2;
            canvas.Save();
            canvas.RotateDegrees(-90, x, y);
            canvas.DrawText(PlainText.Of(rows), x, y, SKTextAlign.Center, font, ink);
            canvas.Restore();
        }
    }

    /// <summary>The step from one name to the next that leaves room for them; given names are all shown where cells are large
    /// enough.</summary>
    private static int Step(int cell, int room, bool named)
    {
        int least = Math.Max(1, (int)Math.Ceiling((double)room / cell));
        return named && cell >= 12 ? 1 : Steps.FirstOrDefault(step => step >= least, least);
    }

    private static string[] Names(IReadOnlyList<string>? given, int count) =>
        given is not null
            ? [.. given.Select(PlainText.Of)]
            : [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
}
