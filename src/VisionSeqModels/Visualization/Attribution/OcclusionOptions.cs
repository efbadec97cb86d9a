using VisionSeqModels.Core;

namespace VisionSeqModels.Visualization;

/// <summary>The square that <see cref="OcclusionSensitivity"/> moves over an image.</summary>
public sealed record OcclusionOptions
{
    /// <summary>Side of the square in pixels; default 8, at least 1.</summary>
    public int Size { get; init; } = 8;

    /// <summary>Pixels from one place to the next; default 2, at least 1.</summary>
    public int Stride { get; init; } = 2;

    /// <summary>What stands in the square, in the model's own numbers; default 0, which is the mean colour of normalised
    /// images: grey.</summary>
    public double Fill { get; init; }

    /// <summary>The layer whose strongest feature map is watched; null (default) for the last one that gives maps of more
    /// than one pixel.</summary>
    public string? Layer { get; init; }

    /// <summary>Occluded images in a pass; default 64. It changes speed and memory only.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Stops between passes.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal void Validate() =>
        new OptionFaults(nameof(OcclusionOptions))
            .AtLeast(1, nameof(Size), Size)
            .AtLeast(1, nameof(Stride), Stride)
            .Require(double.IsFinite(Fill), nameof(Fill), "a finite number", Fill)
            .AtLeast(1, nameof(BatchSize), BatchSize)
            .ThrowIfAny();
}
