using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="Infidelity"/> draws. Its <see cref="ViewOptions.BatchSize"/> counts changed images.</summary>
public sealed record InfidelityOptions : ViewOptions
{
    /// <summary>Random changes of each image; default 100, at least 1.</summary>
    public int SampleCount { get; init; } = 100;

    /// <summary>The standard deviation of a change, as a fraction of the image's range of values; default 0.1, above 0.</summary>
    public double Noise { get; init; } = 0.1;

    /// <summary>The seed of the changes; default 0. libtorch's own generator is not used.</summary>
    public long Seed { get; init; }

    /// <summary>What the maps explain, as in <see cref="AttributionOptions.Objective"/>; null (default) for the score
    /// of each map's class.</summary>
    public Func<Tensor, Tensor>? Objective { get; init; }

    internal void Validate() =>
        ViewFaults().AtLeast(1, nameof(SampleCount), SampleCount).Positive(nameof(Noise), Noise).ThrowIfAny();
}
