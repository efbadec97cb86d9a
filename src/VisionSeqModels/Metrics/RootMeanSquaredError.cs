using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The square root of the mean squared difference between outputs and targets, in the targets' unit; lower is
/// better.</summary>
/// <remarks>Outputs and targets have one shape; each element counts alike, over all batches together (the square root of
/// scikit-learn's <c>mean_squared_error</c>).</remarks>
public sealed class RootMeanSquaredError : Metric
{
    /// <inheritdoc/>
    public override string Name => "root_mean_squared_error";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    /// <exception cref="Torch.ShapeMismatchException">Outputs and targets differ in shape.</exception>
    public override Tensor Measure(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        TargetShapes.CheckSame(nameof(RootMeanSquaredError), outputs, targets);
        using var scope = NewDisposeScope();
        var sum = (MetricNumbers.Precise(outputs) - MetricNumbers.Precise(targets)).Square().sum();
        return MetricNumbers.SumAndCount(sum, targets.numel()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override double Compute(ReadOnlySpan<double> total, long sampleCount) => Math.Sqrt(total[0] / total[1]);
}
