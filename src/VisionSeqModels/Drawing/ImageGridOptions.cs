using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>How an <see cref="ImageGrid"/> is drawn.</summary>
public sealed record ImageGridOptions
{
    /// <summary>The title above the tiles; default none.</summary>
    public string? Title { get; init; }

    /// <summary>Tiles in a row; default null, which makes the grid about as wide as high.</summary>
    public int? Columns { get; init; }

    /// <summary>The side of one of a tile's own pixels in pixels of the picture; default null: as large as makes the widest
    /// tile about 112 pixels wide. A whole number, so that every pixel is seen as it is.</summary>
    public int? PixelSize { get; init; }

    /// <summary>The scale that tiles of numbers were made with, for a colour bar; default none.</summary>
    public ValueScale? Scale { get; init; }

    /// <summary>The colours of the colour bar; default <see cref="ColorMap.Sequential"/>.</summary>
    public ColorMap Map { get; init; } = ColorMap.Sequential;

    /// <summary>What the numbers are, for the colour bar; default nothing.</summary>
    public string? Meaning { get; init; }

    /// <summary>The upper size of the picture; default <see cref="PictureLimit.Default"/>.</summary>
    public PictureLimit Limit { get; init; } = PictureLimit.Default;

    /// <summary>Lines below the title.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    internal void Validate() =>
        PictureLimit
            .Validate(new OptionFaults(nameof(ImageGridOptions)), Limit)
            .Require(Columns is null or >= 1, nameof(Columns), "null or at least 1", Columns)
            .Require(PixelSize is null or (>= 1 and <= 256), nameof(PixelSize), "null or from 1 to 256", PixelSize)
            .Require(Enum.IsDefined(Map), nameof(Map), "Sequential, Diverging or Grey", Map)
            .ThrowIfAny();
}
