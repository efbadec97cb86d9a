namespace VisionSeqModels.Drawing;

/// <summary>Draws small pictures in rows, each pixel as a square of whole pixels, with a caption above each.</summary>
public static class ImageGrid
{
    /// <summary>Draws the tiles in reading order; a place where a tile is null stays empty. Tiles for which there is no room
    /// within the limit, the last of the rows and the last rows, are left out, and a line says so.</summary>
    /// <param name="tiles">The tiles, the most important ones first; at least one. They may have different sizes.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no tile.</exception>
    public static Picture Draw(IReadOnlyList<ImageTile?> tiles, ImageGridOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tiles);
        options ??= new ImageGridOptions();
        options.Validate();
        if (!tiles.Any(tile => tile is not null))
        {
            throw new ArgumentException("An image grid needs at least one tile.", nameof(tiles));
        }

        SkiaRuntime.EnsureAvailable();
        return new ImageGridDrawing(tiles, options).Draw();
    }
}
