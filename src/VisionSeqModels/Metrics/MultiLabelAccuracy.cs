using System.Globalization;
using VisionSeqModels.Metrics;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Accuracy where a sample has several yes-or-no labels: of whole samples, or of one label.</summary>
/// <remarks>It takes scores <c>[batch, labels]</c> and targets <c>[batch, labels]</c> of any dtype; a target above 0.5 is a
/// yes. A sample is right where all its labels are (exact match; scikit-learn's <c>accuracy_score</c> of multi-label
/// targets). <see cref="BinaryAccuracy"/> counts every label of every sample alike.</remarks>
public sealed class MultiLabelAccuracy : Metric
{
    private readonly double _threshold;
    private readonly int? _label;

    /// <summary>Makes the metric of whole samples, named <c>exact_match_accuracy</c>.</summary>
    /// <param name="threshold">The score above which an answer is a yes; finite. Default 0, for raw scores (logits); 0.5
    /// fits a model that ends in a sigmoid.</param>
    /// <exception cref="InvalidOptionsException">The threshold is not finite.</exception>
    public MultiLabelAccuracy(double threshold = 0)
        : this(threshold, label: null) { }

    private MultiLabelAccuracy(double threshold, int? label)
    {
        _threshold = BinaryAccuracy.Threshold(threshold);
        _label = label;
        Name = label is int index
            ? string.Create(CultureInfo.InvariantCulture, $"accuracy_label{index}")
            : "exact_match_accuracy";
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>A metric for each label, named <c>accuracy_label0</c> and so on.</summary>
    /// <param name="labelCount">How many labels a sample has, at least 1.</param>
    /// <param name="threshold">The score above which an answer is a yes; default 0, for raw scores.</param>
    public static IReadOnlyList<Metric> PerLabel(int labelCount, double threshold = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labelCount, 1);
        return [.. Enumerable.Range(0, labelCount).Select(label => new MultiLabelAccuracy(threshold, label))];
    }

    /// <inheritdoc/>
    /// <exception cref="Torch.ShapeMismatchException">Outputs or targets are not <c>[batch, labels]</c>, or have too few
    /// labels.</exception>
    public override Tensor Measure(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        TargetShapes.CheckSame(nameof(MultiLabelAccuracy), outputs, targets);
        if (outputs.dim() != 2 || outputs.size(1) <= (_label ?? 0))
        {
            throw TargetShapes.Mismatch(
                nameof(MultiLabelAccuracy),
                _label is int last ? $"scores [batch, labels] of at least {last + 1} labels" : "scores [batch, labels]",
                outputs,
                targets,
                "Give it the model's number of labels, or use BinaryAccuracy for any other shape."
            );
        }

        using var scope = NewDisposeScope();
        return TargetGuard.OfUnit(Name, targets, () => Right(outputs, targets).sum()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override double Compute(ReadOnlySpan<double> total, long sampleCount) => total[0] / sampleCount;

    /// <summary>Which samples are right.</summary>
    private Tensor Right(Tensor outputs, Tensor targets)
    {
        var right = BinaryAccuracy.Right(outputs, targets, _threshold);
        return _label is int label ? right.select(1, label) : right.all(1);
    }
}
