using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The line along which <see cref="Attribution.IntegratedGradients"/> goes.</summary>
public sealed record IntegratedGradientsOptions : AttributionOptions
{
    /// <summary>Places on the line; default 50, at least 1.</summary>
    public int StepCount { get; init; } = 50;

    /// <summary>Where the line begins: one image <c>[1, channels, height, width]</c>, or one for each, normalised; null
    /// (default) for zeros, the mean image. It stays the caller's.</summary>
    public Tensor? Baseline { get; init; }

    private protected override OptionFaults Check(OptionFaults faults, long images) =>
        base.Check(faults, images).AtLeast(1, nameof(StepCount), StepCount);
}
