using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The loss that training minimizes: a number from outputs and targets. Derive from it, or use
/// <see cref="Losses.From"/>.</summary>
public abstract class Loss
{
    /// <summary>A name for logs and run.json.</summary>
    public abstract string Name { get; }

    /// <summary>Computes the mean loss over the samples of a batch.</summary>
    /// <param name="outputs">The model's outputs, for classification scores <c>[batch, classes]</c>.</param>
    /// <param name="targets">The targets, for classification labels <c>[batch]</c>, int64.</param>
    /// <returns>A single number (no dimensions) on the outputs' device, with its graph; it belongs to the current dispose
    /// scope.</returns>
    public abstract Tensor Compute(Tensor outputs, Tensor targets);

    /// <summary>The divisor of the mean in <see cref="Compute"/>, if it is not the number of samples.</summary>
    /// <param name="targets">The batch's targets.</param>
    /// <returns>Null (default) if every sample counts alike. Else the sum of the samples' weights, without dimensions, on the
    /// targets' device. With it, means and accumulated gradients over several batches equal those of one large
    /// batch.</returns>
    public virtual Tensor? TotalWeight(Tensor targets) => null;

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}
