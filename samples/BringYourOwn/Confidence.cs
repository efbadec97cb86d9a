using VisionSeqModels;
using static TorchSharp.torch;

/// <summary>A metric: the mean probability that the model gives to its own answer. Each batch adds a sum on the device; the
/// division comes at the end.</summary>
internal sealed class Confidence : Metric
{
    public override string Name => "confidence";

    public override Tensor Measure(Tensor outputs, Tensor targets) => outputs.softmax(1).amax([1]).sum();

    public override double Compute(ReadOnlySpan<double> total, long sampleCount) => total[0] / sampleCount;
}
