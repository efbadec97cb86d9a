using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>The values of contiguous float32 tensors on the CPU, at most <see cref="MaximumCount"/>, without a copy. Keep the
/// tensor while they are used.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>The most values of a tensor that can be read here: 2 GiB.</summary>
    public const long MaximumCount = int.MaxValue / sizeof(float);

    /// <summary>The place of <see cref="FaultInjection"/> where memory is needed.</summary>
    public const string Memory = "memory";

    /// <summary>Whether a tensor's values can be read here once it is contiguous.</summary>
    public static bool IsFloatOnCpu(Tensor tensor) => HostDevice.Has(tensor) && tensor.dtype == ScalarType.Float32;

    /// <summary>Whether a weight is what a kernel expects: there, float32, on the CPU, contiguous, and of this shape.</summary>
    public static bool IsWeight(Tensor? weight, ReadOnlySpan<long> shape) =>
        weight is not null && IsFloatOnCpu(weight) && HasShape(weight, shape) && weight.is_contiguous();

    /// <summary>Whether a tensor has this shape, without an array of its own.</summary>
    public static bool HasShape(Tensor tensor, ReadOnlySpan<long> shape)
    {
        if (tensor.dim() != shape.Length)
        {
            return false;
        }

        for (int i = 0; i < shape.Length; i++)
        {
            if (tensor.size(i) != shape[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A float32 tensor on the CPU whose values are not set; it belongs to the current dispose scope.</summary>
    public static Tensor Empty(params long[] shape)
    {
        FaultInjection.Pass(Memory);
        return FaultInjection.Memory?.Invoke(shape, ScalarType.Float32) ?? empty(shape, dtype: ScalarType.Float32, device: CPU);
    }

    /// <summary>A float32 tensor of zeros on the CPU; it belongs to the current dispose scope.</summary>
    public static Tensor Zeros(params long[] shape)
    {
        FaultInjection.Pass(Memory);
        return FaultInjection.Memory?.Invoke(shape, ScalarType.Float32).zero_()
            ?? zeros(shape, dtype: ScalarType.Float32, device: CPU);
    }

    /// <summary>An int32 tensor on the CPU whose values are not set; it belongs to the current dispose scope.</summary>
    public static Tensor EmptyIntegers(params long[] shape) =>
        FaultInjection.Memory?.Invoke(shape, ScalarType.Int32) ?? empty(shape, dtype: ScalarType.Int32, device: CPU);

    public static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>The values, of which a tensor must have at least so many.</summary>
    public static Span<float> Floats(Tensor tensor, long count) => Check<float>(tensor, count, ScalarType.Float32);

    /// <summary>A pointer to the values, of which a tensor must have at least so many.</summary>
    public static float* Pointer(Tensor tensor, long count) =>
        (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Floats(tensor, count)));

    /// <summary>The int32 values, of which a tensor must have at least so many.</summary>
    public static Span<int> Integers(Tensor tensor, long count) => Check<int>(tensor, count, ScalarType.Int32);

    private static Span<T> Check<T>(Tensor tensor, long count, ScalarType dtype)
        where T : unmanaged
    {
        FaultInjection.Pass(nameof(TensorMemory));
        if (tensor.dtype != dtype || tensor.device_type != DeviceType.CPU || !tensor.is_contiguous() || tensor.numel() < count)
        {
            throw new InvalidOperationException(
                $"A kernel needs {count} contiguous values of {dtype} on the CPU, but received {tensor.dtype} of shape "
                    + $"{Shape.Of(tensor)} on {tensor.device}."
            );
        }

        return MemoryMarshal.Cast<byte, T>(tensor.bytes);
    }
}
