using System.Runtime.InteropServices;
using VisionSeqModels.Torch;
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
        if (!HostDevice.Has(targets) || targets.dtype == ScalarType.Bool || AreUnit(targets))
        {
            return;
        }

        using var scope = NewDisposeScope();
        var inside = targets.ge(Scalars.Zero) & targets.le(Scalars.One);
        long index = inside.flatten().to_type(ScalarType.Int32).argmin().item<long>();
        double value = targets.flatten()[index].to_type(ScalarType.Float64).item<double>();
        throw new TargetRangeException(
            FormattableString.Invariant(
                $"{name} expects targets from 0 to 1, but element {index} of the batch's targets is {value}. "
            ) + "Scale the targets, or use Losses.CrossEntropy for class labels."
        );
    }

    /// <summary>Refuses a label that is no class; the labels of other devices pass.</summary>
    /// <exception cref="TargetRangeException">A label is out of range.</exception>
    public static void CheckLabels(string name, Tensor labels, long classCount, long? ignoreIndex)
    {
        if (!HostDevice.Has(labels) || (IsSpan<long>(labels, ScalarType.Int64) && AreClasses(labels)))
        {
            return;
        }

        if (LabelOutside(name, labels, classCount, ignoreIndex) is TargetRangeException fault)
        {
            throw fault;
        }

        bool AreClasses(Tensor contiguous)
        {
            foreach (long label in MemoryMarshal.Cast<byte, long>(contiguous.bytes))
            {
                if ((ulong)label >= (ulong)classCount && label != ignoreIndex)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The sentence for the first label that is no class, or null where there is none, or where a look would
    /// wait.</summary>
    public static TargetRangeException? LabelOutside(string name, Tensor labels, long classCount, long? ignoreIndex)
    {
        if (!HostDevice.Has(labels))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        labels = labels.to_type(ScalarType.Int64);
        var inside = labels.ge(Scalars.Zero) & labels.lt(Scalars.Of(classCount));
        inside = ignoreIndex is long ignored ? inside | labels.eq(Scalars.Of(ignored)) : inside;
        if (inside.all().item<bool>())
        {
            return null;
        }

        long index = inside.to_type(ScalarType.Int32).argmin().item<long>();
        long value = labels[index].item<long>();
        return new TargetRangeException(
            FormattableString.Invariant(
                $"{name} expects labels from 0 to {classCount - 1}, but the label at index {index} of the batch is {value}. "
            )
                + "Correct it, or raise the number of classes; losses and metrics leave such samples out with "
                + FormattableString.Invariant($"ignoreIndex: {value}.")
        );
    }

    private static bool AreUnit(Tensor targets)
    {
        if (IsSpan<float>(targets, ScalarType.Float32))
        {
            foreach (float value in MemoryMarshal.Cast<byte, float>(targets.bytes))
            {
                if (value is not (>= 0 and <= 1)) // NaN is outside
                {
                    return false;
                }
            }

            return true;
        }

        using var scope = NewDisposeScope();
        return (targets.ge(Scalars.Zero) & targets.le(Scalars.One)).all().item<bool>();
    }

    /// <summary>Whether the elements can be read where they are, at the cost of a pass over them.</summary>
    private static bool IsSpan<T>(Tensor targets, ScalarType dtype)
        where T : unmanaged =>
        targets.dtype == dtype && targets.is_contiguous() && targets.numel() <= int.MaxValue / Marshal.SizeOf<T>();
}
