using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The fraction of samples whose highest score is that of their label, 0 to 1.</summary>
/// <remarks>It takes scores <c>[batch, classes]</c> and integer labels <c>[batch]</c>. For one score a sample see
/// <see cref="BinaryAccuracy"/>, for several labels a sample <see cref="MultiLabelAccuracy"/>.</remarks>
public sealed class Accuracy : Metric, IIgnoresLabels
{
    private readonly long? _ignoreIndex;

    /// <summary>Makes the metric.</summary>
    /// <param name="ignoreIndex">The label of samples that do not count, as in <see cref="Losses.CrossEntropy"/>; default
    /// null, none. Where all samples are left out, the accuracy is NaN.</param>
    public Accuracy(long? ignoreIndex = null) => _ignoreIndex = ignoreIndex;

    /// <inheritdoc/>
    public override string Name => "accuracy";

    long? IIgnoresLabels.IgnoreIndex => _ignoreIndex;

    /// <inheritdoc/>
    /// <exception cref="Torch.ShapeMismatchException">Other shapes; the message names the metric that fits.</exception>
    public override Tensor Measure(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        TargetShapes.CheckLabels(nameof(Accuracy), outputs, targets);
        return TargetGuard.OfLabels(nameof(Accuracy), targets, outputs.size(1), _ignoreIndex, labels => Hits(outputs, labels));
    }

    /// <inheritdoc/>
    public override double Compute(ReadOnlySpan<double> total, long sampleCount) =>
        total.Length == 1 ? total[0] / sampleCount : total[0] / total[1];

    /// <summary>How many samples are right, of how many that count.</summary>
    internal static Tensor Counted(Tensor right, Tensor counts) => stack([(right & counts).sum(), counts.sum()]);

    // without a scope: it would cost more than the tensors, in every step
    private Tensor Hits(Tensor outputs, Tensor labels)
    {
        using var predicted = outputs.argmax(1);
        using var hits = predicted.eq(labels);
        return _ignoreIndex is long ignored ? WithoutIgnored(hits, labels, ignored) : hits.sum();
    }

    private static Tensor WithoutIgnored(Tensor hits, Tensor labels, long ignored)
    {
        using var scope = NewDisposeScope();
        return Counted(hits, labels.ne(Scalars.Of(ignored))).MoveToOuterDisposeScope();
    }
}
