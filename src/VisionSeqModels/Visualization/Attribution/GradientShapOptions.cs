using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="Attribution.GradientShap"/> draws.</summary>
public sealed record GradientShapOptions : AttributionOptions
{
    /// <summary>Draws for each image; default 25, at least 1.</summary>
    public int CopyCount { get; init; } = 25;

    /// <summary>Images <c>[count, channels, height, width]</c>, normalised, of which each draw takes one: for example some of the
    /// training data; null (default) for zeros, the mean image. They stay the caller's.</summary>
    public Tensor? Baselines { get; init; }

    /// <summary>The standard deviation of the noise on each copy of the image, as a fraction of the image's range of values;
    /// default 0.05, at least 0.</summary>
    public double Noise { get; init; } = 0.05;

    /// <summary>The seed of the draws; default 0. libtorch's own generator is not used.</summary>
    public long Seed { get; init; }

    private protected override OptionFaults Check(OptionFaults faults, long images) =>
        base.Check(faults, images).AtLeast(1, nameof(CopyCount), CopyCount).NotNegative(nameof(Noise), Noise);
}
