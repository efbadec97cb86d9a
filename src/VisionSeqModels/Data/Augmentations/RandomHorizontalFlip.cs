using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Mirrors some images left to right.</summary>
public sealed class RandomHorizontalFlip : Augmentation
{
    /// <summary>The probability for each image; default 0.5, from 0 to 1.</summary>
    public double Probability { get; init; } = 0.5;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageBatch.Check(images, nameof(RandomHorizontalFlip));
        using var scope = NewDisposeScope();
        var chosen = DeviceDraws.Unit(images.device, images.size(0), 1, 1, 1).lt(Scalars.Of(Probability));
        return where(chosen, images.flip(3), images).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(RandomHorizontalFlip))
            .Require(Probability is >= 0 and <= 1, nameof(Probability), "from 0 to 1", Probability)
            .All;
}
