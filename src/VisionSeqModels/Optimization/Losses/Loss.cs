using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>What training makes small: a number from outputs and targets. Derive from it, or use
/// <see cref="Losses.From"/>.</summary>
public abstract class Loss
{
    /// <summary>A name for logs and run.json.</summary>
    public abstract string Name { get; }

    /// <summary>Computes the mean loss over the samples of a batch.</summary>
    /// <param name="outputs">What the model gave, for classification scores <c>[batch, classes]</c>.</param>
    /// <param name="targets">What was wanted, for classification labels <c>[batch]</c>, int64.</param>
    /// <returns>A single number (no dimensions) on the outputs' device, with its graph; it belongs to the current dispose
    /// scope.</returns>
    public abstract Tensor Compute(Tensor outputs, Tensor targets);

    /// <summary>What the mean of <see cref="Compute"/> was divided by, where that is not the number of samples.</summary>
    /// <param name="targets">The batch's targets.</param>
    /// <returns>Null (default) where every sample counts alike, else the sum of the samples' weights, without dimensions,
    /// on the targets' device. It keeps means over several batches, and accumulated gradients, equal to those of one big
    /// batch.</returns>
    public virtual Tensor? TotalWeight(Tensor targets) => null;

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}
