using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Some samples and their labels, ready for a model.</summary>
/// <remarks>
/// The tensors belong to the dispose scope that is current when the batch is made, and live until that scope ends.
/// To keep one longer, clone it and detach the clone from the scope.
/// </remarks>
public readonly struct Batch
{
    /// <summary>Joins inputs and targets.</summary>
    /// <param name="inputs">The samples; the first dimension counts them.</param>
    /// <param name="targets">The labels or target values, one for each sample.</param>
    /// <exception cref="ArgumentException">The first dimensions differ, or a tensor has none.</exception>
    public Batch(Tensor inputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.dim() == 0 || targets.dim() == 0 || inputs.size(0) != targets.size(0))
        {
            throw new ArgumentException(
                $"A batch needs one target for each input, but the inputs have shape {Shape.Of(inputs)} and the targets "
                    + $"{Shape.Of(targets)}. The first dimension of both must be the number of samples.",
                nameof(targets)
            );
        }

        Inputs = inputs;
        Targets = targets;
        Count = (int)inputs.size(0);
    }

    /// <summary>The samples, for images <c>[batch, channels, height, width]</c>, float32.</summary>
    public Tensor Inputs { get; }

    /// <summary>The labels, for classification <c>[batch]</c>, int64.</summary>
    public Tensor Targets { get; }

    /// <summary>The number of samples; the last batch of an epoch may hold fewer than the others.</summary>
    public int Count { get; }
}
