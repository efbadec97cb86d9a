using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Sets a square at a random place of each image to 0, the mean colour of normalised images. The square may extend
/// beyond the edge.</summary>
/// <remarks>DeVries and Taylor, "Improved regularization of convolutional neural networks with cutout" (2017).</remarks>
public sealed class Cutout : Augmentation
{
    /// <summary>The square's side in pixels; default 8, at least 1.</summary>
    public int Size { get; init; } = 8;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageBatch.Check(images, nameof(Cutout));
        using var scope = NewDisposeScope();
        var (batch, height, width) = (images.size(0), images.size(2), images.size(3));
        var inside = Inside(batch, height, images.device).unsqueeze(2) & Inside(batch, width, images.device).unsqueeze(1);
        return images.masked_fill(inside.unsqueeze(1), Scalars.Zero).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(Cutout)).AtLeast(1, nameof(Size), Size).All;

    /// <summary>Which positions along one side lie in each image's square, <c>[batch, length]</c>.</summary>
    private Tensor Inside(long batch, long length, Device device)
    {
        var first = DeviceDraws.Whole(device, 0, length, batch, 1).sub(Scalars.Of(Size / 2));
        var positions = Arithmetic.Arange(length, device: device).unsqueeze(0);
        return positions.ge(first) & positions.lt(first.Plus(Scalars.Of(Size)));
    }
}
