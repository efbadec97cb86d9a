using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>The values of contiguous float32 tensors on the CPU, at most 2 GiB, without a copy. Keep the tensor while they
/// are used.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Whether a tensor's values can be read here once it is contiguous.</summary>
    public static bool IsFloatOnCpu(Tensor tensor) => tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32;

    public static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    public static float* Pointer(Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
