using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Metrics;

/// <summary>What metrics that add numbers up have in common.</summary>
internal static class MetricNumbers
{
    /// <summary>The values as float64, which sums keep exact to the last digits; float32 on Apple's GPUs, which have no
    /// float64.</summary>
    public static Tensor Precise(Tensor values) =>
        values.to_type(values.device_type == DeviceType.MPS ? ScalarType.Float32 : ScalarType.Float64);

    /// <summary>A sum and the number of elements that it is over, <c>[2]</c>.</summary>
    public static Tensor SumAndCount(Tensor sum, long count)
    {
        using var scope = NewDisposeScope();
        var precise = Precise(sum);
        return stack([precise, full_like(precise, Scalars.Of(count))]).MoveToOuterDisposeScope();
    }
}
