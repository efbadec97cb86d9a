using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Changes brightness, contrast, saturation and hue of each image at random, in this order (torchvision's
/// <c>ColorJitter</c>, which shuffles the order).</summary>
/// <remarks>Colours mean something where pixels are 0..1, but a network's images are normalised: so the images are turned
/// back by <see cref="Normalization"/>, changed, cut off to 0..1, and normalised again. Grey images, of one channel, have
/// no saturation and no hue to change.</remarks>
public sealed class ColorJitter : Augmentation
{
    /// <summary>How the images were normalised: that of their data set, for example
    /// <see cref="ImageNormalization.Cifar10"/>. For pixels that are 0..1 as they are: mean 0 and deviation 1 in each
    /// channel.</summary>
    public required ImageNormalization Normalization { get; init; }

    /// <summary>Brightness is scaled by a factor from 1 − this (not below 0) to 1 + this; default 0.2, finite, at least 0
    /// (torchvision's <c>brightness</c>).</summary>
    public double Brightness { get; init; } = 0.2;

    /// <summary>The distance from the image's mean grey is scaled by a factor from 1 − this (not below 0) to 1 + this; default
    /// 0.2, finite, at least 0 (torchvision's <c>contrast</c>).</summary>
    public double Contrast { get; init; } = 0.2;

    /// <summary>The distance from each pixel's grey is scaled by a factor from 1 − this (not below 0) to 1 + this; default
    /// 0.2, finite, at least 0 (torchvision's <c>saturation</c>).</summary>
    public double Saturation { get; init; } = 0.2;

    /// <summary>The hue is turned by at most this, to either side, in whole turns of the colour wheel; default 0.05, from 0
    /// to 0.5 (torchvision's <c>hue</c>).</summary>
    public double Hue { get; init; } = 0.05;

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The images have neither one channel nor three, or not those of the
    /// normalization.</exception>
    public override Tensor Apply(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageBatch.Check(images, nameof(ColorJitter));
        using var scope = NewDisposeScope();
        return Apply(
                images,
                DeviceDraws.Uniform(images, Math.Max(0, 1 - Brightness), 1 + Brightness),
                DeviceDraws.Uniform(images, Math.Max(0, 1 - Contrast), 1 + Contrast),
                DeviceDraws.Uniform(images, Math.Max(0, 1 - Saturation), 1 + Saturation),
                DeviceDraws.Uniform(images, -Hue, Hue)
            )
            .MoveToOuterDisposeScope();
    }

    /// <summary>Changes each image by its own numbers, <c>[batch]</c> each.</summary>
    internal Tensor Apply(Tensor images, Tensor brightness, Tensor contrast, Tensor saturation, Tensor hue)
    {
        long channels = images.size(1);
        if (channels is not (1 or 3) || channels != Normalization.Mean.Count)
        {
            throw new ShapeMismatchException(
                $"ColorJitter with a normalization of {Normalization.Mean.Count} channels expects images of as many, 1 or 3, "
                    + $"but received {Shape.Of(images)}. Give it the normalization of the data set, and images that are grey "
                    + "or RGB."
            );
        }

        using var scope = NewDisposeScope();
        var deviation = Channels(Normalization.StandardDeviation);
        var mean = Channels(Normalization.Mean);
        var colors = (images * deviation).Plus(mean);
        colors = (colors * Each(brightness)).clamp(Scalars.Zero, Scalars.One);
        colors = Mix(colors, ColorSpace.Gray(colors).mean([1, 2, 3], keepdim: true), Each(contrast));
        if (channels == 3)
        {
            colors = Mix(colors, ColorSpace.Gray(colors), Each(saturation));
            colors = ColorSpace.TurnHue(colors, hue.reshape(-1, 1, 1));
        }

        return ((colors - mean) / deviation).MoveToOuterDisposeScope();

        Tensor Channels(IReadOnlyList<double> values) => ChannelNumbers.Of(values, images.dtype, images.device);
        static Tensor Each(Tensor factors) => factors.reshape(-1, 1, 1, 1);
        static Tensor Mix(Tensor colors, Tensor other, Tensor factor) =>
            other.Plus((colors - other) * factor).clamp(Scalars.Zero, Scalars.One);
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(ColorJitter))
            .Require(Normalization is not null, nameof(Normalization), "set to that of the data set", Normalization)
            .Include(nameof(Normalization), Normalization?.Faults(Normalization.Mean?.Count ?? 1) ?? [])
            .NotNegative(nameof(Brightness), Brightness)
            .NotNegative(nameof(Contrast), Contrast)
            .NotNegative(nameof(Saturation), Saturation)
            .Require(Hue is >= 0 and <= 0.5, nameof(Hue), "from 0 to 0.5", Hue)
            .All;
}
