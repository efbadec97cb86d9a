using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The square that <see cref="OcclusionSensitivity"/> moves over an image. Its
/// <see cref="ViewOptions.BatchSize"/> counts occluded images.</summary>
public sealed record OcclusionSensitivityOptions : ViewOptions
{
    /// <summary>The class to watch, from 0; null (default) for the predicted one.</summary>
    public long? Target { get; init; }

    /// <summary>What to watch in place of a class: turns the model's outputs into one number for each sample, <c>[batch]</c>,
    /// from that sample's outputs alone; null (default) for a class. <see cref="Target"/> must then be null.</summary>
    public Func<Tensor, Tensor>? Objective { get; init; }

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

    internal void Validate() =>
        ViewFaults()
            .Require(Target is null or >= 0, nameof(Target), "null or a class from 0", Target)
            .Require(Target is null || Objective is null, nameof(Target), "null where there is an Objective", Target)
            .AtLeast(1, nameof(Size), Size)
            .AtLeast(1, nameof(Stride), Stride)
            .Require(double.IsFinite(Fill), nameof(Fill), "a finite number", Fill)
            .ThrowIfAny();
}
