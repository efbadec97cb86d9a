using System.Globalization;
using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The fraction of samples whose label is among the k highest scores, 0 to 1.</summary>
public sealed class TopKAccuracy : Metric, IIgnoresLabels
{
    private readonly int _k;
    private readonly long? _ignoreIndex;

    /// <summary>Makes the metric, named <c>top5_accuracy</c> for k = 5.</summary>
    /// <param name="k">The number of highest scores that count; from 1 to the number of classes.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; default null, none.</param>
    public TopKAccuracy(int k, long? ignoreIndex = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        _k = k;
        _ignoreIndex = ignoreIndex;
        Name = string.Create(CultureInfo.InvariantCulture, $"top{k}_accuracy");
    }

    /// <inheritdoc/>
    public override string Name { get; }

    long? IIgnoresLabels.IgnoreIndex => _ignoreIndex;

    /// <summary>A metric for each k, for <see cref="TrainerOptions"/>: <c>[.. TopKAccuracy.ForEach(1, 3, 5)]</c>.</summary>
    /// <param name="ks">How many of the highest scores count, a number for each metric; at least 1 each.</param>
    public static IReadOnlyList<Metric> ForEach(params IReadOnlyList<int> ks) => ForEach(ks, ignoreIndex: null);

    /// <summary>A metric for each k, without the samples of one label.</summary>
    /// <param name="ks">How many of the highest scores count, a number for each metric; at least 1 each.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; null for none.</param>
    public static IReadOnlyList<Metric> ForEach(IReadOnlyList<int> ks, long? ignoreIndex)
    {
        ArgumentNullException.ThrowIfNull(ks);
        return [.. ks.Select(k => new TopKAccuracy(k, ignoreIndex))];
    }

    /// <inheritdoc/>
    /// <exception cref="Torch.ShapeMismatchException">Other shapes, or fewer classes than k.</exception>
    public override Tensor Measure(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        TargetShapes.CheckLabels(Name, outputs, targets);
        if (outputs.size(1) < _k)
        {
            throw TargetShapes.Mismatch(
                Name,
                $"scores of at least {_k} classes",
                outputs,
                targets,
                $"Choose a k of at most {outputs.size(1)}."
            );
        }

        return TargetGuard.OfLabels(Name, targets, outputs.size(1), _ignoreIndex, labels => Hits(outputs, labels));
    }

    /// <inheritdoc/>
    public override double Compute(ReadOnlySpan<double> total, long sampleCount) =>
        total.Length == 1 ? total[0] / sampleCount : total[0] / total[1];

    private Tensor Hits(Tensor outputs, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var hits = outputs.topk(_k, 1).indexes.eq(labels.unsqueeze(1));
        var counted = _ignoreIndex is long ignored ? Accuracy.Counted(hits.any(1), labels.ne(Scalars.Of(ignored))) : hits.sum();
        return counted.MoveToOuterDisposeScope();
    }
}
