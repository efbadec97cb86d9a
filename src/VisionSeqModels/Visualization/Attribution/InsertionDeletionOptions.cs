using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How <see cref="InsertionDeletion"/> changes the images. Its <see cref="ViewOptions.BatchSize"/> counts changed
/// images.</summary>
public sealed record InsertionDeletionOptions : ViewOptions
{
    /// <summary>Steps from no pixel to all; default 28, at least 1.</summary>
    public int StepCount { get; init; } = 28;

    /// <summary>What a deleted pixel becomes, in the model's own numbers; default 0, the mean colour of normalised
    /// images.</summary>
    public double Fill { get; init; }

    /// <summary>The radius and standard deviation, in pixels, of the blur of the image into which pixels are inserted; default 5;
    /// 0 for an image of <see cref="Fill"/>.</summary>
    public int BlurRadius { get; init; } = 5;

    /// <summary>Whether pixels go by their magnitude; default false: by their sum over channels, with its sign.</summary>
    public bool ByMagnitude { get; init; }

    /// <summary>What the maps explain, as in <see cref="AttributionOptions.Objective"/>; null (default) for the
    /// probability of each map's class.</summary>
    public Func<Tensor, Tensor>? Objective { get; init; }

    internal void Validate() =>
        ViewFaults()
            .AtLeast(1, nameof(StepCount), StepCount)
            .Require(double.IsFinite(Fill), nameof(Fill), "a finite number", Fill)
            .AtLeast(0, nameof(BlurRadius), BlurRadius)
            .ThrowIfAny();
}
