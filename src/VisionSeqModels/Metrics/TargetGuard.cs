using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Metrics;

/// <summary>Targets whose values are in range. On the CPU another value is refused. On another device a look would wait for
/// it: there such a value makes the loss or metric NaN.</summary>
internal static class TargetGuard
{
    /// <summary>Refuses a label on the CPU that is no class.</summary>
    /// <returns>On the CPU the labels as they are. Elsewhere in float, with NaN for a label that is no class.</returns>
    public static Tensor Labels(string name, Tensor labels, long classCount, long? ignoreIndex)
    {
        if (!HostDevice.Has(labels))
        {
            return MetricNumbers.Precise(labels).masked_fill(Outside(labels, classCount, ignoreIndex), Scalars.NaN);
        }

        TargetValues.CheckLabels(name, labels, classCount, ignoreIndex);
        return labels;
    }

    /// <summary>A sum over a batch, which a label that is no class refuses (on the CPU) or makes NaN.</summary>
    public static Tensor OfLabels(string name, Tensor labels, long classCount, long? ignoreIndex, Func<Tensor, Tensor> sum)
    {
        if (HostDevice.Has(labels))
        {
            TargetValues.CheckLabels(name, labels, classCount, ignoreIndex);
            return sum(labels);
        }

        return OfLabelsOnDevice(labels, classCount, ignoreIndex, sum);
    }

    /// <summary>A sum over a batch, NaN where a label is no class; nothing is read. There such a label is no index: it would
    /// break a GPU.</summary>
    internal static Tensor OfLabelsOnDevice(Tensor labels, long classCount, long? ignoreIndex, Func<Tensor, Tensor> sum)
    {
        var outside = Outside(labels, classCount, ignoreIndex);
        return MetricNumbers.Precise(sum(labels.masked_fill(outside, Scalars.Zero))).masked_fill(outside.any(), Scalars.NaN);
    }

    /// <summary>Yes or no as 1 or 0: a target above 0.5 is a yes. One outside 0..1 is refused on the CPU and NaN
    /// elsewhere.</summary>
    public static Tensor Answers(string name, Tensor targets, ScalarType dtype)
    {
        if (targets.dtype == ScalarType.Bool)
        {
            return targets.to_type(dtype);
        }

        TargetValues.CheckUnit(name, targets);
        var yes = targets.gt(Scalars.Half).to_type(dtype);
        return HostDevice.Has(targets) ? yes : yes.masked_fill(OutsideUnit(targets), Scalars.NaN);
    }

    /// <summary>A sum over a batch or a loss, NaN where a target on another device than the CPU is outside 0..1; on the CPU
    /// such a target is refused.</summary>
    public static Tensor OfUnit(string name, Tensor targets, Func<Tensor> sum)
    {
        TargetValues.CheckUnit(name, targets);
        var value = sum();
        if (HostDevice.Has(targets) || targets.dtype == ScalarType.Bool)
        {
            return value;
        }

        return OfUnitOnDevice(targets, value);
    }

    /// <summary>A sum over a batch, NaN where a target is outside 0..1; nothing is read.</summary>
    internal static Tensor OfUnitOnDevice(Tensor targets, Tensor sum)
    {
        sum = sum.is_floating_point() ? sum : MetricNumbers.Precise(sum);
        return sum.masked_fill(OutsideUnit(targets).any(), Scalars.NaN);
    }

    /// <summary>Which labels are neither a class nor the one that is left out; nothing is read.</summary>
    internal static Tensor Outside(Tensor labels, long classCount, long? ignoreIndex)
    {
        var outside = labels.lt(Scalars.Zero) | labels.ge(Scalars.Of(classCount));
        return ignoreIndex is long ignored ? outside & labels.ne(Scalars.Of(ignored)) : outside;
    }

    // NaN is outside too
    private static Tensor OutsideUnit(Tensor targets) => (targets.ge(Scalars.Zero) & targets.le(Scalars.One)).logical_not();
}
