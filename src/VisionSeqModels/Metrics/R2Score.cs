using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The coefficient of determination R²: how much of the targets' variance the outputs explain. 1 is perfect, 0 is
/// as good as the targets' mean, below 0 is worse.</summary>
/// <remarks><para>Outputs and targets have one shape, <c>[batch]</c> or <c>[batch, values]</c>; of several values it is the mean
/// of each one's R² (scikit-learn's <c>r2_score</c> with <c>multioutput="uniform_average"</c>).</para>
/// <para>Where all targets of a value are equal, R² is 0/0 and the metric NaN (scikit-learn reports 0, or 1).</para>
/// <para>It is computed from sums in float64. Each factor of 10 by which the targets' mean exceeds their deviation costs two of
/// their 16 digits.</para></remarks>
public sealed class R2Score : Metric
{
    private const int Sums = 4;

    /// <inheritdoc/>
    public override string Name => "r2";

    /// <inheritdoc/>
    /// <exception cref="Torch.ShapeMismatchException">Outputs and targets differ in shape, or have more than two
    /// dimensions.</exception>
    public override Tensor Measure(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        TargetShapes.CheckSame(nameof(R2Score), outputs, targets);
        if (targets.dim() is not (1 or 2))
        {
            throw TargetShapes.Mismatch(
                nameof(R2Score),
                "outputs [batch] or [batch, values]",
                outputs,
                targets,
                "Flatten them to two dimensions."
            );
        }

        using var scope = NewDisposeScope();
        var actual = MetricNumbers.Precise(targets).reshape(targets.size(0), -1);
        var error = actual - MetricNumbers.Precise(outputs).reshape(targets.size(0), -1);
        Tensor[] sums = [ones_like(actual), actual, actual.Square(), error.Square()];
        return stack([.. sums.Select(sum => sum.sum(dim: 0))]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override double Compute(ReadOnlySpan<double> total, long sampleCount)
    {
        int values = total.Length / Sums;
        double sum = 0;
        for (int i = 0; i < values; i++)
        {
            sum += OfOne(total[i], total[values + i], total[(2 * values) + i], total[(3 * values) + i]);
        }

        return sum / values;
    }

    private static double OfOne(double count, double sum, double squares, double errors)
    {
        double variation = squares - (sum * sum / count);
        // what rounding leaves where all targets are equal
        return variation <= 1e-15 * count * squares ? double.NaN : 1 - (errors / variation);
    }
}
