using VisionSeqModels.Core;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Enlarges or shrinks each image about its middle by a random factor and keeps its size; what comes in from
/// outside is 0, the mean colour of normalised images (torchvision's <c>RandomAffine</c> with <c>scale</c> and
/// <c>interpolation=BILINEAR</c>).</summary>
public sealed class RandomScale : Augmentation
{
    /// <summary>The smallest factor; default 0.8, finite, above 0.</summary>
    public double MinScale { get; init; } = 0.8;

    /// <summary>The largest factor; default 1.2, finite, at least <see cref="MinScale"/>.</summary>
    public double MaxScale { get; init; } = 1.2;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageBatch.Check(images, nameof(RandomScale));
        using var scope = NewDisposeScope();
        var scale = DeviceDraws.Uniform(images, MinScale, MaxScale);
        var zero = zeros_like(scale);
        return AffineWarp.Apply(images, zero, scale, zero, zero).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() => Faults(nameof(RandomScale), MinScale, MaxScale).All;

    internal static OptionFaults Faults(string type, double minScale, double maxScale) =>
        new OptionFaults(type)
            .Positive(nameof(MinScale), minScale)
            .Require(
                double.IsFinite(maxScale) && maxScale > 0 && !(maxScale < minScale),
                nameof(MaxScale),
                "a finite number of at least MinScale",
                maxScale
            );
}
