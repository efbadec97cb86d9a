using VisionSeqModels.Core;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Moves each image by a random whole number of pixels; pixels from outside are 0, the mean colour of normalised
/// images.</summary>
public sealed class RandomShift : Augmentation
{
    /// <summary>The maximum shift to the left or right in pixels; default 2, at least 0.</summary>
    public int Horizontal { get; init; } = 2;

    /// <summary>The maximum shift up or down in pixels; default 2, at least 0.</summary>
    public int Vertical { get; init; } = 2;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageBatch.Check(images, nameof(RandomShift));
        using var scope = NewDisposeScope();
        var down = ImageBatch.Offsets(images, Vertical);
        var right = ImageBatch.Offsets(images, Horizontal);
        return ImageBatch.Shift(images, down, right, Math.Max(Horizontal, Vertical)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(RandomShift))
            .AtLeast(0, nameof(Horizontal), Horizontal)
            .AtLeast(0, nameof(Vertical), Vertical)
            .All;
}
