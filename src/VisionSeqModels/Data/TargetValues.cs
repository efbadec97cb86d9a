using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Looks at the values of targets, but only where they are on the CPU: anywhere else a look waits for the
/// device.</summary>
internal static class TargetValues
{
    /// <summary>Refuses targets outside 0..1; the targets of other devices pass.</summary>
    /// <exception cref="TargetRangeException">A target is out of range.</exception>
    public static void CheckUnit(string name, Tensor targets)
    {
        if (targets.device_type != DeviceType.CPU || targets.dtype == ScalarType.Bool)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var inside = targets.ge(0) & targets.le(1);
        if (inside.all().ToBoolean())
        {
            return;
        }

        long index = inside.flatten().to_type(ScalarType.Int32).argmin().ToInt64();
        double value = targets.flatten()[index].to_type(ScalarType.Float64).ToDouble();
        throw new TargetRangeException(
            FormattableString.Invariant(
                $"{name} expects targets from 0 to 1, but element {index} of the batch's targets is {value}. "
            ) + "Scale the targets, or use Losses.CrossEntropy for class labels."
        );
    }

    /// <summary>The sentence for the first label that is no class, or null where there is none, or where a look would
    /// wait.</summary>
    public static TargetRangeException? LabelOutside(string name, Tensor labels, long classCount, long? ignoreIndex)
    {
        if (labels.device_type != DeviceType.CPU)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var inside = labels.ge(0) & labels.lt(classCount);
        inside = ignoreIndex is long ignored ? inside | labels.eq(ignored) : inside;
        if (inside.all().ToBoolean())
        {
            return null;
        }

        long index = inside.to_type(ScalarType.Int32).argmin().ToInt64();
        long value = labels[index].to_type(ScalarType.Int64).ToInt64();
        return new TargetRangeException(
            FormattableString.Invariant(
                $"{name} expects labels from 0 to {classCount - 1}, but the label at index {index} of the batch is {value}. "
            )
                + "Correct it, or raise the number of classes; a loss over classes leaves such samples out with "
                + FormattableString.Invariant($"ignoreIndex: {value}.")
        );
    }
}
