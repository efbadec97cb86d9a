using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>A number that says how good a model is. Each batch contributes a small tensor. The device adds the contributions,
/// and the sum is read once, at the end.</summary>
/// <remarks>A metric holds no state, so one object serves any number of runs at once. To write your own, let
/// <see cref="Measure"/> return something that can be added over batches (a count, a sum, a table of counts), and let
/// <see cref="Compute"/> turn the total into the metric's value.</remarks>
public abstract class Metric
{
    /// <summary>The name in histories and files, in lower case, for example <c>accuracy</c>; <c>train_</c> or <c>test_</c>
    /// goes before it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a higher value is better; default true.</summary>
    public virtual bool HigherIsBetter => true;

    /// <summary>Gives the contribution of a batch.</summary>
    /// <param name="outputs">The model's outputs, for classification scores <c>[batch, classes]</c>.</param>
    /// <param name="targets">The targets, for classification labels <c>[batch]</c>, int64.</param>
    /// <returns>A tensor of any dtype whose shape is the same for each batch, on the outputs' device; it belongs to the current
    /// dispose scope. Reading a value to the host here would make every step wait for the device.</returns>
    public abstract Tensor Measure(Tensor outputs, Tensor targets);

    /// <summary>Gives the metric's value over all batches.</summary>
    /// <param name="total">The sum of the contributions, flattened.</param>
    /// <param name="sampleCount">The number of samples in all batches, at least 1.</param>
    public abstract double Compute(ReadOnlySpan<double> total, long sampleCount);

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}
