using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Checks how many steps of each sequence of a batch count.</summary>
internal static class BatchLengths
{
    /// <summary>The lengths on the CPU, int64.</summary>
    /// <param name="inputs">The samples; the steps of sequences <c>[batch, time, features]</c> are known, those of others are
    /// the model's.</param>
    /// <param name="lengths">One for each sample.</param>
    /// <exception cref="ArgumentException">They do not fit the inputs.</exception>
    public static Tensor Checked(Tensor inputs, Tensor lengths)
    {
        if (lengths.dim() != 1 || lengths.size(0) != inputs.size(0) || !lengths.is_integral())
        {
            throw new ArgumentException(
                $"The lengths of a batch must be {inputs.size(0)} whole numbers of shape [{inputs.size(0)}], one a sequence, "
                    + $"but are {lengths.dtype} of shape {Shape.Of(lengths)}.",
                nameof(lengths)
            );
        }

        var onCpu = lengths.dtype == ScalarType.Int64 && lengths.is_cpu() ? lengths : lengths.to(ScalarType.Int64).cpu();
        long steps = inputs.dim() == 3 ? inputs.size(1) : long.MaxValue;
        foreach (long length in onCpu.data<long>())
        {
            if (length < 1 || length > steps)
            {
                throw new ArgumentException(
                    (
                        steps == long.MaxValue
                            ? "Each length of a batch must be at least 1"
                            : $"Each length of a batch must be from 1 to {steps}, the steps of its inputs of shape "
                                + Shape.Of(inputs)
                    ) + $", but one is {length}. {(length < 1 ? "Leave empty sequences out." : "Correct the lengths.")}",
                    nameof(lengths)
                );
            }
        }

        return onCpu;
    }
}
