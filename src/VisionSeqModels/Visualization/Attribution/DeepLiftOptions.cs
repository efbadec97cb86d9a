using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="Attribution.DeepLift"/> compares the images with.</summary>
public sealed record DeepLiftOptions : AttributionOptions
{
    /// <summary>The reference: one image <c>[1, channels, height, width]</c>, or one for each, normalised; null (default) for
    /// zeros, the mean image. It stays the caller's.</summary>
    public Tensor? Baseline { get; init; }
}
