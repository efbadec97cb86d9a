using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="RandomizationCheck"/> checks. Its <see cref="ViewOptions.BatchSize"/> is passed to the
/// method.</summary>
public sealed record RandomizationCheckOptions : ViewOptions
{
    /// <summary>The method of attribution; default <see cref="Attribution.Saliency"/>. Its targets are the classes that the
    /// trained model predicts.</summary>
    public AttributionMethod Method { get; init; } = Attribution.Saliency;

    /// <summary>What the method explains, as in <see cref="AttributionOptions.Objective"/>; null (default) for the classes that
    /// the trained model predicts.</summary>
    public Func<Tensor, Tensor>? Objective { get; init; }

    /// <summary>The seed of the random weights; default 0. libtorch's own generator is not used.</summary>
    public long Seed { get; init; }

    internal void Validate() =>
        ViewFaults().Require(Method is not null, nameof(Method), "a method such as Attribution.Saliency", null).ThrowIfAny();
}
