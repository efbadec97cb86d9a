using System.Globalization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The fraction of samples whose label is among the k highest scores, 0 to 1.</summary>
public sealed class TopKAccuracy : Metric
{
    private readonly int _k;

    /// <summary>Makes the metric, named <c>top5_accuracy</c> for k = 5.</summary>
    /// <param name="k">The number of highest scores that count; from 1 to the number of classes.</param>
    public TopKAccuracy(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        _k = k;
        Name = string.Create(CultureInfo.InvariantCulture, $"top{k}_accuracy");
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override Tensor Measure(Tensor outputs, Tensor targets) => outputs.topk(_k, 1).indexes.eq(targets.unsqueeze(1)).sum();

    /// <inheritdoc/>
    public override double Compute(ReadOnlySpan<double> total, long sampleCount) => total[0] / sampleCount;
}
