using System.Globalization;
using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>A metric of the order of scores: <see cref="AreaUnderRoc"/>, <see cref="AveragePrecision"/>. It is exact: it keeps
/// the scores of all samples.</summary>
/// <remarks><para>It keeps 8 bytes for each score and each target. Yes-or-no answers have 2 numbers each; several labels
/// have 2 numbers for each label of a sample. Several classes have a number for each class of a sample, and one
/// more.</para> <para>A value that is not defined (a class without samples) is NaN, and so is an average over
/// it.</para></remarks>
public abstract class RankingMetric : Metric, IIgnoresLabels
{
    private readonly Ranking _ranking;

    private protected RankingMetric(string name, Ranking ranking)
    {
        _ranking = ranking;
        Name =
            ranking.Kind == RankingKind.Binary ? name
            : ranking.Only is int only
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}_{(ranking.Kind == RankingKind.MultiClass ? "class" : "label")}{only}"
                )
            : $"{name}_{AveragingNames.Of(ranking.Average)}";
    }

    /// <inheritdoc/>
    public sealed override string Name { get; }

    /// <inheritdoc/>
    public sealed override bool KeepsSamples => true;

    long? IIgnoresLabels.IgnoreIndex => _ranking.IgnoreIndex;

    /// <inheritdoc/>
    /// <exception cref="Torch.ShapeMismatchException">Other shapes, or another number of classes or labels.</exception>
    public sealed override Tensor Measure(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        using var scope = NewDisposeScope();
        var rows = _ranking.Kind == RankingKind.MultiClass ? OfClasses(outputs, targets) : OfAnswers(outputs, targets);
        return rows.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public sealed override double Compute(ReadOnlySpan<double> total, long sampleCount)
    {
        if (RankingRows.Columns(_ranking, total) is not RankedScores[] columns)
        {
            return double.NaN;
        }

        double sum = 0;
        double weights = 0;
        foreach (var column in columns)
        {
            double weight = columns.Length > 1 && _ranking.Average == Averaging.Weighted ? column.Positives : 1;
            sum += weight * Compute(column);
            weights += weight;
        }

        return sum / weights;
    }

    private protected abstract double Compute(RankedScores ranked);

    /// <summary>A metric for each class or label.</summary>
    private protected static IReadOnlyList<Metric> Each(int count, Func<int, Metric> create)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. Enumerable.Range(0, count).Select(create)];
    }

    /// <summary>Scores and yes-or-no targets: <c>[answers, 2]</c>, or <c>[batch, 2 · labels]</c>.</summary>
    private Tensor OfAnswers(Tensor outputs, Tensor targets)
    {
        TargetShapes.CheckSame(Name, outputs, targets);
        if (_ranking.Kind == RankingKind.MultiLabel && (outputs.dim() != 2 || outputs.size(1) != _ranking.Count))
        {
            throw TargetShapes.Mismatch(
                Name,
                $"scores [batch, {_ranking.Count}] of {_ranking.Count} labels",
                outputs,
                targets,
                "Give the metric the model's number of labels."
            );
        }

        var scores = MetricNumbers.Precise(outputs).reshape(-1, _ranking.Count);
        var yes = TargetGuard.Answers(Name, targets, scores.dtype).reshape(-1, _ranking.Count);
        return _ranking.Only is int only ? stack([scores.select(1, only), yes.select(1, only)], 1) : cat([scores, yes], 1);
    }

    /// <summary>A probability for each class and a label, <c>[batch, classes + 1]</c>; of one class its probability and yes or
    /// no.</summary>
    private Tensor OfClasses(Tensor outputs, Tensor targets)
    {
        TargetShapes.CheckLabels(Name, outputs, targets);
        if (outputs.size(1) != _ranking.Count)
        {
            throw TargetShapes.Mismatch(
                Name,
                $"scores [batch, {_ranking.Count}] of {_ranking.Count} classes",
                outputs,
                targets,
                "Give the metric the model's number of classes."
            );
        }

        var scores = MetricNumbers.Precise(outputs);
        scores = _ranking.FromProbabilities ? scores : scores.softmax(1);
        var labels = TargetGuard.Labels(Name, targets, _ranking.Count, _ranking.IgnoreIndex).to_type(scores.dtype);
        labels = _ranking.IgnoreIndex is long ignored
            ? labels.masked_fill(targets.eq(Scalars.Of(ignored)), Scalars.Of(RankingRows.Left))
            : labels;
        return _ranking.Only is int only
            ? stack(
                [
                    scores.select(1, only),
                    where(labels.ge(Scalars.Zero), labels.eq(Scalars.Of(only)).to_type(scores.dtype), labels),
                ],
                1
            )
            : cat([scores, labels.unsqueeze(1)], 1);
    }
}
