using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The loss that training minimizes: a number from outputs and targets. Derive from it, or use
/// <see cref="Losses.From"/>.</summary>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)]
public abstract class Loss
{
    private static readonly IReadOnlyDictionary<string, object?> NoOptions = new Dictionary<string, object?>();
    private static readonly IReadOnlyList<Metric> OnlyAccuracy = [new Accuracy()];

    /// <summary>A name for logs and run.json.</summary>
    public abstract string Name { get; }

    /// <summary>What the loss was made with, by name, for run.json and for what changed when a run is resumed; default nothing.
    /// Numbers, texts, booleans, null, and lists of them.</summary>
    public virtual IReadOnlyDictionary<string, object?> Options => NoOptions;

    /// <summary>What is measured where <see cref="TrainerOptions.Metrics"/> is not set; default
    /// <see cref="Accuracy"/>. The library's losses name the metric that fits them.</summary>
    public virtual IReadOnlyList<Metric> DefaultMetrics => OnlyAccuracy;

    /// <summary>Computes the mean loss over the samples of a batch.</summary>
    /// <param name="outputs">The model's outputs, for classification scores <c>[batch, classes]</c>.</param>
    /// <param name="targets">The targets, for classification labels <c>[batch]</c>, int64.</param>
    /// <returns>A single number (no dimensions) on the outputs' device, with its graph; it belongs to the current dispose
    /// scope.</returns>
    public abstract Tensor Compute(Tensor outputs, Tensor targets);

    /// <summary>The divisor of the mean in <see cref="Compute"/>, if it is not the number of samples.</summary>
    /// <param name="targets">The batch's targets.</param>
    /// <returns>Null (default) where every sample counts alike, else the sum of the samples' weights, without dimensions,
    /// on the targets' device; 0 where no sample of the batch counts, whose loss is then 0. It keeps means over several
    /// batches, and accumulated gradients, equal to those of one big batch.</returns>
    public virtual Tensor? TotalWeight(Tensor targets) => null;

    /// <summary>The targets that metrics compare outputs with; default the targets themselves. A loss over classes turns a
    /// probability for each class into the most probable class.</summary>
    /// <param name="targets">The batch's targets.</param>
    /// <returns>The targets, or a tensor that belongs to the current dispose scope.</returns>
    public virtual Tensor MetricTargets(Tensor targets) => targets;

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}
