using VisionSeqModels.Core;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>How a <see cref="FilterGrid"/> is drawn.</summary>
public sealed record FilterGridOptions
{
    /// <summary>The title above the filters; default none.</summary>
    public string? Title { get; init; }

    /// <summary>Which weights become black and which white; default one scale for all filters.</summary>
    public FilterScale Scale { get; init; } = FilterScale.Shared;

    /// <summary>Whether filters with three input channels are drawn in colour; default true. Otherwise, and with any other
    /// number of channels, each input channel has its own grey tile.</summary>
    public bool Rgb { get; init; } = true;

    /// <summary>The side of one weight in pixels; default 24.</summary>
    public int PixelSize { get; init; } = 24;

    /// <summary>Tiles in a row where each filter is one tile; default null, which makes the grid about as wide as high.</summary>
    public int? Columns { get; init; }

    /// <summary>The upper size of the picture; default <see cref="PictureLimit.Default"/>. Of more filters or input channels
    /// than there is room for, the strongest (by the sum of squares) are drawn, strongest first.</summary>
    public PictureLimit Limit { get; init; } = PictureLimit.Default;

    internal void Validate() =>
        PictureLimit
            .Validate(new OptionFaults(nameof(FilterGridOptions)), Limit)
            .Require(PixelSize is >= 1 and <= 256, nameof(PixelSize), "from 1 to 256", PixelSize)
            .Require(Enum.IsDefined(Scale), nameof(Scale), "Shared, PerFilter or MinMaxPerFilter", Scale)
            .Require(Columns is null or >= 1, nameof(Columns), "null or at least 1", Columns)
            .ThrowIfAny();
}
