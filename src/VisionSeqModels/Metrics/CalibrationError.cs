using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The expected calibration error: how far a model's confidence is from its accuracy, 0 to 1; lower is
/// better.</summary>
/// <remarks><para>It takes scores <c>[batch, classes]</c> and integer labels <c>[batch]</c>. The confidence is the highest
/// probability. Samples are sorted into bins of equal width by confidence; the error is the mean distance between a bin's
/// mean confidence and its accuracy, weighted by the bin's samples (torchmetrics' <c>MulticlassCalibrationError</c> with
/// <c>norm="l1"</c>).</para>
/// <para>Guo et al., "On calibration of modern neural networks" (2017).</para></remarks>
public sealed class CalibrationError : Metric, IIgnoresLabels
{
    private readonly int _bins;
    private readonly bool _probabilities;
    private readonly long? _ignoreIndex;

    /// <summary>Makes the metric, named <c>calibration_error</c>.</summary>
    /// <param name="bins">How many bins; default 15, at least 1.</param>
    /// <param name="fromProbabilities">Whether the outputs are probabilities already; default false: they are raw scores,
    /// and softmax turns them into probabilities.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; default null, none.</param>
    public CalibrationError(int bins = 15, bool fromProbabilities = false, long? ignoreIndex = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        _bins = bins;
        _probabilities = fromProbabilities;
        _ignoreIndex = ignoreIndex;
    }

    /// <inheritdoc/>
    public override string Name => "calibration_error";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    long? IIgnoresLabels.IgnoreIndex => _ignoreIndex;

    /// <inheritdoc/>
    /// <exception cref="Torch.ShapeMismatchException">Other shapes; the message names the metric that fits.</exception>
    public override Tensor Measure(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        TargetShapes.CheckLabels(nameof(CalibrationError), outputs, targets);
        return TargetGuard.OfLabels(
            nameof(CalibrationError),
            targets,
            outputs.size(1),
            _ignoreIndex,
            labels => Bins(outputs, labels)
        );
    }

    /// <inheritdoc/>
    public override double Compute(ReadOnlySpan<double> total, long sampleCount)
    {
        double counted = 0;
        double error = 0;
        for (int i = 0; i < total.Length; i += 3)
        {
            counted += total[i];
            error += Math.Abs(total[i + 1] - total[i + 2]);
        }

        return error / counted;
    }

    private Tensor Bins(Tensor outputs, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var scores = MetricNumbers.Precise(outputs);
        var (confidence, predicted) = (_probabilities ? scores : scores.softmax(1)).max(1);
        // bin i holds confidences above i / bins, up to (i + 1) / bins
        var bin = confidence
            .mul(Scalars.Of(_bins))
            .ceil()
            .sub(Scalars.One)
            .clamp(Scalars.Zero, Scalars.Of(_bins - 1))
            .to_type(ScalarType.Int64);
        var counts = _ignoreIndex is long ignored ? labels.ne(Scalars.Of(ignored)).to_type(scores.dtype) : ones_like(confidence);
        var parts = stack([counts, confidence * counts, predicted.eq(labels).to_type(scores.dtype) * counts], 1);
        return zeros([_bins, 3], dtype: scores.dtype, device: outputs.device)
            .index_add_(0, bin, parts, Scalars.One)
            .MoveToOuterDisposeScope();
    }
}
