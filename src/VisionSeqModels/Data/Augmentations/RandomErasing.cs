using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Erases a rectangle of random size, shape and place in some of the images (torchvision's
/// <c>RandomErasing</c>).</summary>
/// <remarks>Zhong et al., "Random erasing data augmentation" (2020). Of ten rectangles drawn for an image the first that is
/// smaller than the image is taken; where none is, the image stays as it is.</remarks>
public sealed class RandomErasing : Augmentation
{
    private const int Tries = 10;

    /// <summary>The chance of each image; default 0.5, from 0 to 1 (torchvision's <c>p</c>).</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>The smallest rectangle, as a fraction of the image's area; default 0.02, above 0 (torchvision's
    /// <c>scale[0]</c>).</summary>
    public double MinArea { get; init; } = 0.02;

    /// <summary>The largest rectangle, as a fraction of the image's area; default 0.33, from <see cref="MinArea"/> to 1
    /// (torchvision's <c>scale[1]</c>).</summary>
    public double MaxArea { get; init; } = 0.33;

    /// <summary>The smallest ratio of height to width; default 0.3, finite, above 0 (torchvision's
    /// <c>ratio[0]</c>).</summary>
    public double MinRatio { get; init; } = 0.3;

    /// <summary>The largest ratio of height to width; default 3.3, finite, at least <see cref="MinRatio"/> (torchvision's
    /// <c>ratio[1]</c>).</summary>
    public double MaxRatio { get; init; } = 3.3;

    /// <summary>Whether the rectangle is filled with normally distributed noise, the paper's best; default false, with 0, the
    /// mean colour of normalised images (torchvision's <c>value="random"</c>).</summary>
    public bool Noise { get; init; }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageBatch.Check(images, nameof(RandomErasing));
        using var scope = NewDisposeScope();
        var (batch, device) = (images.size(0), images.device);
        var inside = Inside(
            images,
            DeviceDraws.Unit(device, batch).lt(Scalars.Of(Probability)),
            DeviceDraws.Unit(device, batch, Tries),
            DeviceDraws.Unit(device, batch, Tries),
            DeviceDraws.Unit(device, batch),
            DeviceDraws.Unit(device, batch)
        );
        return (
            Noise
                ? where(inside, DeviceDraws.Normal(device, images.shape).to_type(images.dtype), images)
                : images.masked_fill(inside, Scalars.Zero)
        ).MoveToOuterDisposeScope();
    }

    /// <summary>Which pixels are erased, <c>[batch, 1, height, width]</c>.</summary>
    /// <param name="images">The images.</param>
    /// <param name="chosen">Which images, <c>[batch]</c>, on the images' device like all that follow.</param>
    /// <param name="areas">The areas of the tries, <c>[batch, tries]</c>, 0 to 1 between the smallest and the largest.</param>
    /// <param name="ratios">Their ratios, 0 to 1 between the logarithms of the smallest and the largest.</param>
    /// <param name="downs">The rectangle's place, 0 to 1 of where it can be, <c>[batch]</c>.</param>
    /// <param name="rights">The same from left to right.</param>
    internal Tensor Inside(Tensor images, Tensor chosen, Tensor areas, Tensor ratios, Tensor downs, Tensor rights)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (images.size(2), images.size(3));
        var area = areas.mul(Scalars.Of(MaxArea - MinArea)).Plus(Scalars.Of(MinArea)).mul(Scalars.Of((double)height * width));
        var (low, high) = (Math.Log(MinRatio), Math.Log(MaxRatio));
        var ratio = ratios.mul(Scalars.Of(high - low)).Plus(Scalars.Of(low)).exp();
        var heights = (area * ratio).sqrt().round();
        var widths = (area / ratio).sqrt().round();
        var fits = heights.lt(Scalars.Of(height)) & widths.lt(Scalars.Of(width));
        var first = fits.to_type(ScalarType.Int32).argmax(1).unsqueeze(1);
        var erased = chosen & fits.any(1);
        return (
            Along(heights.gather(1, first), downs, height).unsqueeze(2)
            & Along(widths.gather(1, first), rights, width).unsqueeze(1)
            & erased.reshape(-1, 1, 1)
        )
            .unsqueeze(1)
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(RandomErasing))
            .Require(Probability is >= 0 and <= 1, nameof(Probability), "from 0 to 1", Probability)
            .Require(MinArea is > 0 and <= 1, nameof(MinArea), "above 0 and at most 1", MinArea)
            .Require(MaxArea is > 0 and <= 1 && !(MaxArea < MinArea), nameof(MaxArea), "from MinArea to 1", MaxArea)
            .Positive(nameof(MinRatio), MinRatio)
            .Require(
                double.IsFinite(MaxRatio) && MaxRatio > 0 && !(MaxRatio < MinRatio),
                nameof(MaxRatio),
                "a finite number of at least MinRatio",
                MaxRatio
            )
            .All;

    /// <summary>For each image which positions along one side are in its rectangle, <c>[batch, length]</c>.</summary>
    private static Tensor Along(Tensor sizes, Tensor places, long length)
    {
        var first = (places.unsqueeze(1) * sizes.neg().Plus(Scalars.Of(length)).Plus(Scalars.One)).floor();
        var positions = Arithmetic.Arange(length, device: sizes.device).unsqueeze(0);
        return positions.ge(first) & positions.lt(first.Plus(sizes));
    }
}
