using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The fraction of samples whose highest score is that of their label, 0 to 1.</summary>
public sealed class Accuracy : Metric
{
    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override Tensor Measure(Tensor outputs, Tensor targets) => outputs.argmax(1).eq(targets).sum();

    /// <inheritdoc/>
    public override double Compute(ReadOnlySpan<double> total, long sampleCount) => total[0] / sampleCount;
}
