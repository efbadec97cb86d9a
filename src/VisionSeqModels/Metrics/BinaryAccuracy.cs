using VisionSeqModels.Core;
using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The fraction of yes-or-no answers that are right, 0 to 1: a score above the threshold is a yes, and so is a
/// target above 0.5.</summary>
/// <remarks>Outputs and targets have one shape, for example <c>[batch]</c>, <c>[batch, 1]</c> or <c>[batch, labels]</c>; each
/// element is an answer. torchmetrics calls it <c>BinaryAccuracy</c>.</remarks>
public sealed class BinaryAccuracy : Metric
{
    private readonly double _threshold;

    /// <summary>Makes the metric, named <c>binary_accuracy</c>.</summary>
    /// <param name="threshold">The score above which an answer is a yes; finite. Default 0, for raw scores (logits, as
    /// <see cref="Losses.BinaryCrossEntropyWithLogits(double)"/> takes them); 0.5 fits a model that ends in a sigmoid.</param>
    /// <exception cref="InvalidOptionsException">The threshold is not finite.</exception>
    public BinaryAccuracy(double threshold = 0) => _threshold = Threshold(threshold);

    /// <inheritdoc/>
    public override string Name => "binary_accuracy";

    /// <inheritdoc/>
    /// <exception cref="Torch.ShapeMismatchException">Outputs and targets differ in shape.</exception>
    public override Tensor Measure(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        TargetShapes.CheckSame(nameof(BinaryAccuracy), outputs, targets);
        using var scope = NewDisposeScope();
        var right = TargetGuard.OfUnit(nameof(BinaryAccuracy), targets, () => Right(outputs, targets, _threshold).sum());
        return MetricNumbers.SumAndCount(right, targets.numel()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override double Compute(ReadOnlySpan<double> total, long sampleCount) => total[0] / total[1];

    internal static double Threshold(double threshold)
    {
        new OptionFaults(nameof(BinaryAccuracy))
            .Require(double.IsFinite(threshold), nameof(threshold), "a finite number", threshold)
            .ThrowIfAny();
        return threshold;
    }

    /// <summary>Which answers are right, in the outputs' shape.</summary>
    internal static Tensor Right(Tensor outputs, Tensor targets, double threshold) =>
        outputs.gt(Scalars.Of(threshold)).eq(targets.dtype == ScalarType.Bool ? targets : targets.gt(Scalars.Half));
}
