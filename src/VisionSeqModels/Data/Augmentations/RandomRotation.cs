using VisionSeqModels.Core;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Rotates each image about its middle by a random angle; what comes in from outside is 0, the mean colour of
/// normalised images (torchvision's <c>RandomRotation</c> with <c>interpolation=BILINEAR</c>).</summary>
/// <remarks>To rotate and scale, use <see cref="RandomAffine"/>: it resamples once.</remarks>
public sealed class RandomRotation : Augmentation
{
    /// <summary>The largest angle in degrees, to either side; default 15, finite, at least 0 (torchvision's
    /// <c>degrees</c>).</summary>
    public double Degrees { get; init; } = 15;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageBatch.Check(images, nameof(RandomRotation));
        using var scope = NewDisposeScope();
        var degrees = DeviceDraws.Uniform(images, -Degrees, Degrees);
        var (one, zero) = (ones_like(degrees), zeros_like(degrees));
        return AffineWarp.Apply(images, degrees, one, zero, zero).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(RandomRotation)).NotNegative(nameof(Degrees), Degrees).All;
}
