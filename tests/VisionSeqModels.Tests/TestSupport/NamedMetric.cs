using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

/// <summary>A metric of any name, which is always 1.</summary>
internal sealed class NamedMetric(string name) : Metric
{
    public override string Name => name;

    public override Tensor Measure(Tensor outputs, Tensor targets) => full(1, outputs.size(0), dtype: ScalarType.Float64);

    public override double Compute(ReadOnlySpan<double> total, long sampleCount) => total[0] / sampleCount;
}
