using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

/// <summary>A metric that takes given values, one for each evaluation; training epochs get none of them.</summary>
internal sealed class Scripted(params double[] values) : Metric
{
    private int _reads;

    public override string Name => "scripted";

    public override bool HigherIsBetter => false;

    public override Tensor Measure(Tensor outputs, Tensor targets) => zeros(1);

    // Training is read first in each epoch, then the evaluation.
    public override double Compute(ReadOnlySpan<double> total, long sampleCount) =>
        ++_reads % 2 == 1 ? 0 : values[(_reads / 2) - 1];
}
