using VisionSeqModels.Core;

namespace VisionSeqModels.Visualization;

/// <summary>The noise of <see cref="Attribution.SmoothGrad"/>.</summary>
public sealed record SmoothGradOptions : AttributionOptions
{
    /// <summary>Copies of each image; default 25, at least 1.</summary>
    public int CopyCount { get; init; } = 25;

    /// <summary>The noise's standard deviation, as a fraction of the image's range of values; default 0.15, at least
    /// 0.</summary>
    public double Noise { get; init; } = 0.15;

    /// <summary>The seed of the noise; default 0. libtorch's own generator is not used.</summary>
    public long Seed { get; init; }

    private protected override OptionFaults Check(OptionFaults faults, long images) =>
        base.Check(faults, images).AtLeast(1, nameof(CopyCount), CopyCount).NotNegative(nameof(Noise), Noise);
}
