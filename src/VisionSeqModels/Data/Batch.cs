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
        : this(inputs, targets, lengths: null) { }

    /// <summary>Joins inputs and targets of sequences of several lengths.</summary>
    /// <param name="inputs">The samples; the first dimension counts them.</param>
    /// <param name="targets">The labels or target values, one for each sample.</param>
    /// <param name="lengths">How many steps of each sequence count, <c>[batch]</c>, any integer dtype and device; at least 1,
    /// at most the steps there are. Null where all steps count.</param>
    /// <exception cref="ArgumentException">The first dimensions differ, or a tensor has none, or the lengths do not fit the
    /// inputs.</exception>
    public Batch(Tensor inputs, Tensor targets, Tensor? lengths)
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
        Lengths = lengths is null ? null : BatchLengths.Checked(inputs, lengths);
        Count = (int)inputs.size(0);
    }

    /// <summary>The samples, for images <c>[batch, channels, height, width]</c>, for sequences <c>[batch, time, features]</c>,
    /// float32.</summary>
    public Tensor Inputs { get; }

    /// <summary>The labels, for classification <c>[batch]</c>, int64.</summary>
    public Tensor Targets { get; }

    /// <summary>How many steps of each sequence count, <c>[batch]</c>, int64, on the CPU; null where all steps
    /// count.</summary>
    public Tensor? Lengths { get; }

    /// <summary>The number of samples; the last batch of an epoch may hold fewer than the others.</summary>
    public int Count { get; }

    /// <summary>The batch on a device; its lengths stay on the CPU.</summary>
    internal Batch On(Device device) => new(Inputs.to(device), Targets.to(device), Lengths);

    /// <summary>The first samples of the batch.</summary>
    internal Batch First(long count) => Part(0, count);

    /// <summary>Some samples of the batch, which follow each other.</summary>
    internal Batch Part(long begin, long count) =>
        new(Inputs.narrow(0, begin, count), Targets.narrow(0, begin, count), Lengths?.narrow(0, begin, count));
}
