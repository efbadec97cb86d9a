using VisionSeqModels.Metrics;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The mean absolute difference between outputs and targets, in the targets' unit; lower is better.</summary>
/// <remarks>Outputs and targets have one shape; each element counts alike (scikit-learn's
/// <c>mean_absolute_error</c>).</remarks>
public sealed class MeanAbsoluteError : Metric
{
    /// <inheritdoc/>
    public override string Name => "mean_absolute_error";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    /// <exception cref="Torch.ShapeMismatchException">Outputs and targets differ in shape.</exception>
    public override Tensor Measure(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        TargetShapes.CheckSame(nameof(MeanAbsoluteError), outputs, targets);
        using var scope = NewDisposeScope();
        var sum = (MetricNumbers.Precise(outputs) - MetricNumbers.Precise(targets)).abs().sum();
        return MetricNumbers.SumAndCount(sum, targets.numel()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override double Compute(ReadOnlySpan<double> total, long sampleCount) => total[0] / total[1];
}
