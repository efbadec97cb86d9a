using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

internal sealed class CrossEntropyLoss(double labelSmoothing, IReadOnlyList<double>? classWeights, long? ignoreIndex)
    : Loss,
        IIgnoresLabels
{
    private const long NoLabel = long.MinValue; // libtorch ignores -100 unless it is given another one
    private readonly ClassTargets _targets = new("Cross-entropy", classWeights, ignoreIndex);

    public override string Name => "cross_entropy";

    public override IReadOnlyDictionary<string, object?> Options { get; } =
        new Dictionary<string, object?>
        {
            ["label_smoothing"] = labelSmoothing,
            ["class_weights"] = classWeights,
            ["ignore_index"] = ignoreIndex,
        };

    public override IReadOnlyList<Metric> DefaultMetrics { get; } = [new Accuracy(ignoreIndex)];

    public long? IgnoreIndex => ignoreIndex;

    /// <summary>Whether a batch can have no weight at all. Its loss is then 0, not 0/0.</summary>
    private bool MayWeighNothing => ignoreIndex is not null || classWeights?.Contains(0) == true;

    public override Tensor Compute(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        _targets.Check(outputs, targets);
        var weights = _targets.Weights(outputs.dtype, outputs.device);
        return ClassTargets.AreProbabilities(targets)
            ? nn.functional.cross_entropy(outputs, targets.to_type(outputs.dtype), weights, label_smoothing: labelSmoothing)
            : _targets.OfLabels(outputs, targets, labels => OfLabels(outputs, labels, weights));
    }

    public override Tensor? TotalWeight(Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return ClassTargets.AreProbabilities(targets) || (classWeights is null && ignoreIndex is null)
            ? null
            : TotalWeight(targets, _targets.Weights(ScalarType.Float32, targets.device));
    }

    public override Tensor MetricTargets(Tensor targets) => ClassTargets.Labels(targets);

    private Tensor OfLabels(Tensor outputs, Tensor labels, Tensor? weights)
    {
        if (!MayWeighNothing)
        {
            return nn.functional.cross_entropy(outputs, labels, weights, NoLabel, label_smoothing: labelSmoothing);
        }

        var sum = nn.functional.cross_entropy(outputs, labels, weights, ignoreIndex ?? NoLabel, nn.Reduction.Sum, labelSmoothing);
        var total = TotalWeight(labels, weights).to_type(sum.dtype);
        return sum / total.Plus(total.eq(Scalars.Zero));
    }

    private Tensor TotalWeight(Tensor labels, Tensor? weights)
    {
        var counted = _targets.Counted(labels);
        if (weights is null)
        {
            return counted!.sum().to_type(ScalarType.Float32);
        }

        var each = weights.index_select(0, _targets.Classes(labels));
        return (counted is null ? each : each * counted).sum();
    }
}
