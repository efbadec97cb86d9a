using SkiaSharp;
using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>Draws small pictures in rows, each pixel as a square of whole pixels, with a caption above each.</summary>
public static class ImageGrid
{
    private const int Margin = 16;
    private const int Gap = 10;
    private const int LineHeight = 16;
    private const int TitleHeight = 26;
    private const int UsualTile = 112;
    private const int LeastWidth = 380; // for a title and a colour bar

    /// <summary>Draws the tiles in reading order; a place where a tile is null stays empty.</summary>
    /// <param name="tiles">The tiles; at least one. They may have different sizes.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no tile.</exception>
    public static Picture Draw(IReadOnlyList<ImageTile?> tiles, ImageGridOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tiles);
        options ??= new ImageGridOptions();
        options.Validate();
        var real = tiles.OfType<ImageTile>().ToList();
        if (real.Count == 0)
        {
            throw new ArgumentException("An image grid needs at least one tile.", nameof(tiles));
        }

        using var font = SkiaRuntime.CreateFont(12);
        int pixel = options.PixelSize ?? Math.Max(1, UsualTile / real.Max(tile => tile.Width));
        int columns = Math.Min(options.Columns ?? (int)Math.Ceiling(Math.Sqrt(tiles.Count)), tiles.Count);
        int rows = (tiles.Count + columns - 1) / columns;
        int captionWidth = (int)
            Math.Ceiling(
                real.SelectMany(tile => Lines(tile.Caption)).Select(line => font.MeasureText(line)).DefaultIfEmpty(0).Max()
            );
        int cellWidth = Math.Max(real.Max(tile => tile.Width) * pixel, captionWidth) + Gap;
        int captionHeight = real.Max(tile => Lines(tile.Caption).Length) * LineHeight;
        int cellHeight = captionHeight + (real.Max(tile => tile.Height) * pixel) + Gap;
        int top = Margin + (options.Title is null ? 0 : TitleHeight);
        int width = Math.Max(
            options.Title is null && options.Scale is null ? 0 : LeastWidth,
            (2 * Margin) + (columns * cellWidth) - Gap
        );
        int height = top + (rows * cellHeight) + (options.Scale is null ? 6 : ColorBar.Height + 10);
        return Picture.Draw(
            width,
            height,
            canvas =>
            {
                using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
                PaintTitle(canvas, options.Title, ink);
                for (int i = 0; i < tiles.Count; i++)
                {
                    if (tiles[i] is ImageTile tile)
                    {
                        Paint(
                            canvas,
                            tile,
                            Margin + (i % columns * cellWidth),
                            top + (i / columns * cellHeight),
                            captionHeight,
                            pixel,
                            font,
                            ink
                        );
                    }
                }

                if (options.Scale is not null)
                {
                    ColorBar.Paint(canvas, Margin, height - ColorBar.Height - 6, options.Map, options.Scale, options.Meaning);
                }
            }
        );
    }

    /// <summary>Paints a tile's pixels.</summary>
    internal static void PaintPixels(SKCanvas canvas, ImageTile tile, float left, float top, int pixelSize)
    {
        using var fill = new SKPaint { IsAntialias = false };
        for (int y = 0; y < tile.Height; y++)
        {
            for (int x = 0; x < tile.Width; x++)
            {
                fill.Color = tile[x, y];
                canvas.DrawRect(left + (x * pixelSize), top + (y * pixelSize), pixelSize, pixelSize, fill);
            }
        }
    }

    /// <summary>Paints the title of a picture.</summary>
    internal static void PaintTitle(SKCanvas canvas, string? title, SKPaint ink)
    {
        if (title is not null)
        {
            using var large = SkiaRuntime.CreateFont(16);
            canvas.DrawText(PlainText.Of(title), Margin, Margin + 10, large, ink);
        }
    }

    private static void Paint(
        SKCanvas canvas,
        ImageTile tile,
        float left,
        float top,
        int captionHeight,
        int pixel,
        SKFont font,
        SKPaint ink
    )
    {
        string[] lines = Lines(tile.Caption);
        for (int i = 0; i < lines.Length; i++)
        {
            canvas.DrawText(lines[i], left, top + 12 + (i * LineHeight), font, ink);
        }

        PaintPixels(canvas, tile, left, top + captionHeight, pixel);
    }

    private static string[] Lines(string caption) => PlainText.OfLines(caption).Split('\n');
}
