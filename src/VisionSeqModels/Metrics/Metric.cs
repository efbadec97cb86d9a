using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>A number that says how good a model is. Each batch contributes a small tensor. The device adds the contributions,
/// and the sum is read once, at the end.</summary>
/// <remarks><para>A metric holds no state, so one object serves any number of runs at once. To write your own, let
/// <see cref="Measure"/> return something that can be added over batches (a count, a sum, a table of counts), and let
/// <see cref="Compute"/> turn the total into the metric's value.</para>
/// <para>A metric that needs all samples together, such as a rank, sets <see cref="KeepsSamples"/>: then the contributions are
/// kept, not added.</para></remarks>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)]
public abstract class Metric
{
    /// <summary>The name in histories and files, in lower case, for example <c>accuracy</c>; <c>train_</c> or <c>test_</c>
    /// goes before it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a higher value is better; default true.</summary>
    public virtual bool HigherIsBetter => true;

    /// <summary>Whether the rows that <see cref="Measure"/> returns are kept, one batch after another, instead of added; default
    /// false. It must always be the same for a metric.</summary>
    /// <remarks>Each kept number takes 8 bytes, on the training device until the next read (the end of the epoch or the
    /// evaluation, a log, a saved state), then on the host until the epoch ends. A state that is saved within an epoch has
    /// them too, so that a resumed run gives the same value.</remarks>
    public virtual bool KeepsSamples => false;

    /// <summary>Gives the contribution of a batch.</summary>
    /// <param name="outputs">The model's outputs, for classification scores <c>[batch, classes]</c>.</param>
    /// <param name="targets">The targets, for classification labels <c>[batch]</c>, int64.</param>
    /// <returns>A tensor of any dtype whose shape is the same for each batch, on the outputs' device; it belongs to the current
    /// dispose scope. With <see cref="KeepsSamples"/> its first dimension counts rows and may differ. Reading a value to the
    /// host here would make every step wait for the device.</returns>
    public abstract Tensor Measure(Tensor outputs, Tensor targets);

    /// <summary>Gives the metric's value over all batches.</summary>
    /// <param name="total">The sum of the contributions, flattened. With <see cref="KeepsSamples"/> all contributions, row after
    /// row, in the order of the batches.</param>
    /// <param name="sampleCount">The number of samples in all batches, at least 1.</param>
    public abstract double Compute(ReadOnlySpan<double> total, long sampleCount);

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}
