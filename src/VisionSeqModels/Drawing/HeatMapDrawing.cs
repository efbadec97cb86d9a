using System.Globalization;
using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>The layout of a heat map and its drawing.</summary>
internal sealed class HeatMapDrawing
{
    private const int Margin = PictureTitle.Margin;
    private const int LineHeight = 16;
    private const int UsualWidth = 560;
    private const int UsualHeight = 420;
    private const int ImageWidth = 140;
    private const float LeastText = 7;
    private static readonly int[] Steps = [1, 2, 5, 10, 20, 50, 100, 200, 500];

    private readonly HeatMapOptions _options;
    private readonly ColorMap _map;
    private readonly ValueScale _scale;
    private readonly int _cellWidth;
    private readonly int _cellHeight;
    private readonly HeatMapPart _part;
    private readonly double[,] _values;

    public HeatMapDrawing(double[,] values, HeatMapOptions options)
    {
        _options = options;
        var all = values.Cast<double>();
        bool signed = all.Any(value => value < 0 && double.IsFinite(value));
        _map = options.Map ?? (signed ? ColorMap.Diverging : ColorMap.Sequential);
        _scale =
            options.Scale
            ?? (signed ? ValueScale.Symmetric(all) : ValueScale.Fixed(0, Math.Max(0, ValueScale.MinMax(all).Maximum)));
        _cellWidth = options.CellWidth ?? Math.Clamp(UsualWidth / values.GetLength(1), 3, 48);
        _cellHeight = options.CellHeight ?? Math.Clamp(UsualHeight / values.GetLength(0), 3, 48);
        _part = HeatMapPart.Of(values, options.Limit, _cellWidth, _cellHeight);
        _values = _part.Values(values);
    }

    private int Rows => _part.Rows.Count;

    private int Columns => _part.Columns.Count;

    public Picture Draw()
    {
        using var font = new PictureFont(12);
        string[] rowNames = Names(_options.RowNames, _options.RowNumbers, _part.Rows),
            columnNames = Names(_options.ColumnNames, _options.ColumnNumbers, _part.Columns);
        int rowNameWidth = (int)Math.Ceiling(rowNames.Max(font.Measure)) + 8;
        int columnNameWidth = (int)Math.Ceiling(columnNames.Max(font.Measure));
        bool turned = columnNameWidth + 6 > _cellWidth && (_options.ColumnNames is not null || !_part.IsAll);
        var legend = new ColorLegend(_map, _scale, _options.Meaning, NotFinite.Of(_values.Cast<double>()));
        int image = _options.Image is null ? 0 : ImageWidth + Margin;
        int left = Margin + image + (_options.RowTitle is null ? 0 : LineHeight) + rowNameWidth;
        int contentWidth = left + Math.Max(Columns * _cellWidth, Math.Max(legend.Width(font), TitleWidth(font))) + Margin;
        using var title = new PictureTitle(_options.Title, [.. _options.Notes, .. _part.Notes], contentWidth);
        int top = Margin + title.Height;
        int below = (turned ? columnNameWidth + 8 : LineHeight + 2) + (_options.ColumnTitle is null ? 0 : LineHeight);
        float cells = Rows * _cellHeight,
            rowTitle = _options.RowTitle is null ? 0 : font.Measure(_options.RowTitle);
        int bottom = top + (int)Math.Ceiling(Math.Max(cells, rowTitle));
        int height = Math.Max(bottom, top + (_options.Image is null ? 0 : ImageWidth)) + below + legend.Height + 12;
        return Picture.Draw(
            title.Width,
            height,
            canvas =>
            {
                using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
                title.Paint(canvas);
                PaintImage(canvas, top);
                PaintCells(canvas, left, top);
                PaintRowNames(canvas, rowNames, left, top, font, ink);
                PaintColumnNames(canvas, columnNames, left, top + cells, turned, font, ink);
                PaintAxisTitles(canvas, left, top, top + cells, below, font, ink);
                legend.Paint(canvas, left, height - legend.Height - 6, font);
            },
            _options.Limit
        );
    }

    private int TitleWidth(PictureFont font) =>
        _options.ColumnTitle is null ? 0 : (int)Math.Ceiling(font.Measure(_options.ColumnTitle));

    private void PaintImage(SKCanvas canvas, float top)
    {
        if (_options.Image is ImageTile tile)
        {
            int side = Math.Max(tile.Width, tile.Height);
            float pixel = side <= ImageWidth ? ImageWidth / side : (float)ImageWidth / side;
            ImageGridDrawing.PaintPixels(canvas, tile, Margin, top, pixel);
        }
    }

    private void PaintCells(SKCanvas canvas, float left, float top)
    {
        var colors = PixelColors.OfMap(_values, _scale, _map);
        PixelColors.Paint(canvas, colors, Columns, SKRect.Create(left, top, Columns * _cellWidth, Rows * _cellHeight));
        using (var frame = new SKPaint { Color = SKColors.Gray, Style = SKPaintStyle.Stroke })
        {
            canvas.DrawRect(left - 0.5f, top - 0.5f, (Columns * _cellWidth) + 1, (Rows * _cellHeight) + 1, frame);
        }

        if (_options.CellText is null)
        {
            return;
        }

        string[] texts = [.. _part.Rows.SelectMany(row => _part.Columns.Select(column => _options.CellText(row, column)))];
        using var usual = new PictureFont(12);
        int longest = texts.Max(text => text.Length);
        float widest = texts.Where(text => text.Length == longest).Distinct().Take(50).Max(usual.Measure);
        float size = MathF.Min(MathF.Min(12, _cellHeight * 0.8f), 12 * (_cellWidth - 2) / MathF.Max(widest, 1));
        if (size < LeastText)
        {
            return; // no room for the numbers; the colours are there
        }

        using var font = new PictureFont(size);
        using var ink = new SKPaint { IsAntialias = true };
        for (int i = 0; i < texts.Length; i++)
        {
            ink.Color = ColorMaps.InkOn(colors[i]);
            font.Draw(
                canvas,
                texts[i],
                left + (((i % Columns) + 0.5f) * _cellWidth),
                top + (((i / Columns) + 0.5f) * _cellHeight) + (size / 3),
                ink,
                SKTextAlign.Center
            );
        }
    }

    private void PaintRowNames(SKCanvas canvas, string[] names, float left, float top, PictureFont font, SKPaint ink)
    {
        int step = Step(_cellHeight, 14, _options.RowNames is not null);
        foreach (int row in Labelled(Rows, step, _options.RowNumbers.First == 1))
        {
            font.Draw(canvas, names[row], left - 6, top + ((row + 0.5f) * _cellHeight) + 4, ink, SKTextAlign.Right);
        }
    }

    private void PaintColumnNames(
        SKCanvas canvas,
        string[] names,
        float left,
        float bottom,
        bool turned,
        PictureFont font,
        SKPaint ink
    )
    {
        int room = turned ? 14 : (int)Math.Max(28, names.Max(font.Measure) + 6);
        int step = Step(_cellWidth, room, _options.ColumnNames is not null);
        foreach (int column in Labelled(Columns, step, _options.ColumnNumbers.First == 1))
        {
            float x = left + ((column + 0.5f) * _cellWidth);
            if (turned)
            {
                font.DrawTurned(canvas, names[column], x + 4, bottom + 6, ink, SKTextAlign.Right);
            }
            else
            {
                font.Draw(canvas, names[column], x, bottom + 14, ink, SKTextAlign.Center);
            }
        }
    }

    private void PaintAxisTitles(SKCanvas canvas, float left, float top, float bottom, int below, PictureFont font, SKPaint ink)
    {
        if (_options.ColumnTitle is string columns)
        {
            float middle = left + Math.Max(Columns * _cellWidth / 2f, font.Measure(columns) / 2);
            font.Draw(canvas, columns, middle, bottom + below - 4, ink, SKTextAlign.Center);
        }

        if (_options.RowTitle is string rows)
        {
            float x = Margin + (_options.Image is null ? 0 : ImageWidth + Margin) + 10,
                half = Math.Max((bottom - top) / 2, font.Measure(rows) / 2);
            font.DrawTurned(canvas, rows, x, top + half, ink, SKTextAlign.Center);
        }
    }

    /// <summary>The step from one name to the next that leaves room for them; given names are all shown where cells are large
    /// enough.</summary>
    private static int Step(int cell, int room, bool named)
    {
        int least = Math.Max(1, (int)Math.Ceiling((double)room / cell));
        return named && cell >= 12 ? 1 : Steps.FirstOrDefault(step => step >= least, least);
    }

    /// <summary>Which of so many get their names: every so many-th; of those counted from 1 the first besides.</summary>
    private static IEnumerable<int> Labelled(int count, int step, bool fromOne) =>
        !fromOne || step == 1
            ? Enumerable.Range(0, count).Where(i => i % step == 0)
            : Enumerable.Range(0, count).Where(i => i == 0 || (i + 1) % step == 0);

    private static string[] Names(IReadOnlyList<string>? given, (int First, int Step) numbers, IReadOnlyList<int> shown) =>
        [
            .. shown.Select(i =>
                given is null ? (numbers.First + (i * numbers.Step)).ToString(CultureInfo.InvariantCulture) : given[i]
            ),
        ];
}
