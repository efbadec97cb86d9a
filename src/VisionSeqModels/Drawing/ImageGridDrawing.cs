using System.Globalization;
using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>The layout of a grid of tiles and its drawing.</summary>
internal sealed class ImageGridDrawing(IReadOnlyList<ImageTile?> tiles, ImageGridOptions options)
{
    private const int Margin = PictureTitle.Margin;
    private const int Gap = 10;
    private const int LineHeight = 16;
    private const int UsualTile = 112;
    private const int AroundHeight = 200; // title, notes and colour bar, at most as far as the limit is concerned

    public Picture Draw()
    {
        using var font = new PictureFont(12);
        var real = tiles.OfType<ImageTile>().ToList();
        int pixel = options.PixelSize ?? Math.Max(1, UsualTile / real.Max(tile => tile.Width));
        float caption = real.SelectMany(tile => Lines(tile.Caption)).Distinct().Max(font.Measure);
        int captionHeight = real.Max(tile => Lines(tile.Caption).Length) * LineHeight;
        int cellWidth = Math.Max(real.Max(tile => tile.Width) * pixel, (int)Math.Ceiling(caption)) + Gap,
            cellHeight = captionHeight + (real.Max(tile => tile.Height) * pixel) + Gap;
        int given = Math.Min(options.Columns ?? (int)Math.Ceiling(Math.Sqrt(tiles.Count)), tiles.Count);
        var (rows, columns) = options.Limit.Table(
            ((tiles.Count + given - 1) / given, cellHeight, AroundHeight),
            (given, cellWidth, 2 * Margin)
        );
        var shown = tiles.Where((_, i) => i % given < columns && i / given < rows).ToList();
        var notFinite = shown.OfType<ImageTile>().Aggregate(default(NotFinite), (sum, tile) => sum + tile.NotFinite);
        var legend = new ColorLegend(options.Map, options.Scale, options.Meaning, notFinite);
        int contentWidth = (2 * Margin) + Math.Max((columns * cellWidth) - Gap, legend.Width(font));
        List<string> notes = [.. options.Notes];
        if (shown.Count < tiles.Count)
        {
            int left = shown.Count(tile => tile is not null);
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{left:n0} of {real.Count:n0} tiles are shown, the first."));
        }

        double factor = options.Limit.Factor(contentWidth, (rows * cellHeight) + AroundHeight);
        if (factor < 1)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"Drawn at {100 * factor:0.#} % of its size."));
        }

        using var title = new PictureTitle(options.Title, notes, contentWidth);
        int top = Margin + title.Height,
            height = top + (rows * cellHeight) + (legend.Height == 0 ? 6 : legend.Height + 10);
        return Picture.Draw(
            title.Width,
            height,
            canvas =>
            {
                title.Paint(canvas);
                for (int i = 0; i < shown.Count; i++)
                {
                    (int left, int y) = (Margin + (i % columns * cellWidth), top + (i / columns * cellHeight));
                    Paint(canvas, shown[i], left, y, captionHeight, pixel, font);
                }

                legend.Paint(canvas, Margin, height - legend.Height - 6, font);
            },
            options.Limit
        );
    }

    /// <summary>Paints a tile's pixels.</summary>
    public static void PaintPixels(SKCanvas canvas, ImageTile tile, float left, float top, float pixelSize) =>
        PixelColors.Paint(
            canvas,
            tile.Pixels,
            tile.Width,
            SKRect.Create(left, top, tile.Width * pixelSize, tile.Height * pixelSize)
        );

    private static void Paint(
        SKCanvas canvas,
        ImageTile? tile,
        float left,
        float top,
        int captionHeight,
        int pixel,
        PictureFont font
    )
    {
        if (tile is null)
        {
            return;
        }

        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        string[] lines = Lines(tile.Caption);
        for (int i = 0; i < lines.Length; i++)
        {
            font.Draw(canvas, lines[i], left, top + 12 + (i * LineHeight), ink);
        }

        PaintPixels(canvas, tile, left, top + captionHeight, pixel);
    }

    private static string[] Lines(string caption) => caption.Split('\n');
}
