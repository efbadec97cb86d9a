using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Rotates, scales and moves each image at random in one resampling; what comes in from outside is 0, the mean
/// colour of normalised images (torchvision's <c>RandomAffine</c> with <c>interpolation=BILINEAR</c>).</summary>
public sealed class RandomAffine : Augmentation
{
    /// <summary>The largest angle in degrees, to either side; default 10, finite, at least 0 (torchvision's
    /// <c>degrees</c>).</summary>
    public double Degrees { get; init; } = 10;

    /// <summary>The smallest scale; default 0.9, finite, above 0 (torchvision's <c>scale[0]</c>).</summary>
    public double MinScale { get; init; } = 0.9;

    /// <summary>The largest scale; default 1.1, finite, at least <see cref="MinScale"/> (torchvision's
    /// <c>scale[1]</c>).</summary>
    public double MaxScale { get; init; } = 1.1;

    /// <summary>The farthest way to either side, as a fraction of width and of height; default 0.1, from 0 to 1
    /// (torchvision's <c>translate</c>, which rounds it to pixels; here it is not rounded).</summary>
    public double Translation { get; init; } = 0.1;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageBatch.Check(images, nameof(RandomAffine));
        using var scope = NewDisposeScope();
        var (farthestRight, farthestDown) = (Translation * images.size(3), Translation * images.size(2));
        return AffineWarp
            .Apply(
                images,
                DeviceDraws.Uniform(images, -Degrees, Degrees),
                DeviceDraws.Uniform(images, MinScale, MaxScale),
                DeviceDraws.Uniform(images, -farthestRight, farthestRight),
                DeviceDraws.Uniform(images, -farthestDown, farthestDown)
            )
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        RandomScale
            .Faults(nameof(RandomAffine), MinScale, MaxScale)
            .NotNegative(nameof(Degrees), Degrees)
            .Require(Translation is >= 0 and <= 1, nameof(Translation), "from 0 to 1", Translation)
            .All;
}
