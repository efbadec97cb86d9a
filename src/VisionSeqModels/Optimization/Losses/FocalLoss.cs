using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>Cross-entropy in which samples that the model is sure of count less: each is scaled by (1 − p)^γ, with the
/// probability p of its class. The mean is over samples, also with class weights, as in Lin et al.</summary>
internal sealed class FocalLoss(double gamma, IReadOnlyList<double>? classWeights, long? ignoreIndex) : Loss, IIgnoresLabels
{
    private const double Smallest = 1e-30; // keeps the derivative of a root finite at 0

    private readonly ClassTargets _targets = new("Losses.Focal", classWeights, ignoreIndex);

    public override string Name => "focal";

    public override IReadOnlyDictionary<string, object?> Options { get; } =
        new Dictionary<string, object?>
        {
            ["gamma"] = gamma,
            ["class_weights"] = classWeights,
            ["ignore_index"] = ignoreIndex,
        };

    public override IReadOnlyList<Metric> DefaultMetrics { get; } = [new Accuracy(ignoreIndex)];

    public long? IgnoreIndex => ignoreIndex;

    public override Tensor Compute(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        _targets.Check(outputs, targets);
        var weights = _targets.Weights(outputs.dtype, outputs.device);
        return ClassTargets.AreProbabilities(targets)
            ? OfProbabilities(outputs, targets.to_type(outputs.dtype), weights)
            : _targets.OfLabels(outputs, targets, labels => OfLabels(outputs, labels, weights));
    }

    public override Tensor? TotalWeight(Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return ClassTargets.AreProbabilities(targets) ? null : _targets.Counted(targets)?.sum().to_type(ScalarType.Float32);
    }

    public override Tensor MetricTargets(Tensor targets) => ClassTargets.Labels(targets);

    internal static Tensor Power(Tensor probability, double gamma) =>
        gamma == 0 ? ones_like(probability)
        : gamma == 1 ? probability
        : probability.clamp(min: Scalars.Of(Smallest)).pow(Scalars.Of(gamma));

    private static Tensor Each(Tensor logarithm, double gamma) => logarithm.neg() * Power(logarithm.expm1().neg(), gamma);

    private Tensor OfLabels(Tensor outputs, Tensor labels, Tensor? weights)
    {
        var classes = _targets.Classes(labels);
        var each = Each(nn.functional.log_softmax(outputs, 1).gather(1, classes.unsqueeze(1)).squeeze(1), gamma);
        each = weights is null ? each : each * weights.index_select(0, classes);
        if (_targets.Counted(labels) is not Tensor counted)
        {
            return each.mean();
        }

        var count = counted.sum().to_type(each.dtype);
        return each.masked_fill(counted.logical_not(), Scalars.Zero).sum() / count.Plus(count.eq(Scalars.Zero));
    }

    private Tensor OfProbabilities(Tensor outputs, Tensor probabilities, Tensor? weights)
    {
        var each = Each(nn.functional.log_softmax(outputs, 1), gamma) * probabilities;
        return (weights is null ? each : each * weights).sum(1).mean();
    }
}
