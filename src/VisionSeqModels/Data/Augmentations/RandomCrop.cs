using VisionSeqModels.Core;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Pads each image on all sides and crops a window of the old size at a random place; torchvision's RandomCrop with
/// padding.</summary>
/// <remarks>The padding is 0 after normalisation, the mean colour. He et al., "Deep residual learning" (2016), use it on
/// CIFAR-10 with 4 pixels.</remarks>
public sealed class RandomCrop : Augmentation
{
    /// <summary>Pixels added on each side; default 4, at least 0.</summary>
    public int Padding { get; init; } = 4;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageBatch.Check(images, nameof(RandomCrop));
        using var scope = NewDisposeScope();
        var down = ImageBatch.Offsets(images, Padding);
        var right = ImageBatch.Offsets(images, Padding);
        return ImageBatch.Shift(images, down, right, Padding).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(RandomCrop)).AtLeast(0, nameof(Padding), Padding).All;
}
