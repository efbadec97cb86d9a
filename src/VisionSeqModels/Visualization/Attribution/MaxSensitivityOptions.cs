using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="MaxSensitivity"/> draws. Its <see cref="ViewOptions.BatchSize"/> is passed to the method.</summary>
public sealed record MaxSensitivityOptions : ViewOptions
{
    /// <summary>The method of attribution; default <see cref="Attribution.Saliency"/>.</summary>
    public AttributionMethod Method { get; init; } = Attribution.Saliency;

    /// <summary>Random changes of each image; default 10, at least 1.</summary>
    public int SampleCount { get; init; } = 10;

    /// <summary>The largest change of a value, as a fraction of the image's range of values; default 0.02, above 0.</summary>
    public double Radius { get; init; } = 0.02;

    /// <summary>The seed of the changes; default 0. libtorch's own generator is not used.</summary>
    public long Seed { get; init; }

    /// <summary>What to explain, as in <see cref="AttributionOptions.Objective"/>; null (default) for the class that the model
    /// predicts for the unchanged image.</summary>
    public Func<Tensor, Tensor>? Objective { get; init; }

    internal void Validate() =>
        ViewFaults()
            .Require(Method is not null, nameof(Method), "a method such as Attribution.Saliency", null)
            .AtLeast(1, nameof(SampleCount), SampleCount)
            .Positive(nameof(Radius), Radius)
            .ThrowIfAny();
}
