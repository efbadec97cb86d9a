using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>A loss between outputs and targets of one shape, the mean over all elements.</summary>
/// <param name="name">Its name for logs and run.json.</param>
/// <param name="title">Its name in messages.</param>
/// <param name="mean">The mean, of targets in the outputs' dtype.</param>
/// <param name="options">What it was made with; null for nothing.</param>
internal class ElementLoss(
    string name,
    string title,
    Func<Tensor, Tensor, Tensor> mean,
    IReadOnlyDictionary<string, object?>? options = null
) : Loss
{
    public override string Name => name;

    public override IReadOnlyDictionary<string, object?> Options { get; } = options ?? new Dictionary<string, object?>();

    public override IReadOnlyList<Metric> DefaultMetrics { get; } = [new MeanAbsoluteError()];

    public override Tensor Compute(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        TargetShapes.CheckSame(title, outputs, targets);
        return mean(outputs, targets.to_type(outputs.dtype));
    }

    /// <summary>The number of elements: batches of longer sequences weigh more. Null where there is one element a
    /// sample.</summary>
    public sealed override Tensor? TotalWeight(Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return targets.dim() < 2
            ? null
            : full([], Scalars.Of(targets.numel()), dtype: ScalarType.Float32, device: targets.device);
    }
}
