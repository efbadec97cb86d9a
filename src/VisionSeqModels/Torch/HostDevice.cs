using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Whether tensors are where .NET can read them without a wait: on the CPU. Whoever has a faster or stricter way for
/// such tensors asks here.</summary>
internal static class HostDevice
{
    /// <summary>Makes this thread handle the CPU as it would a GPU, so that a test can run that way where there is no GPU; false,
    /// as always in production, does nothing.</summary>
    [ThreadStatic]
    public static bool IsRemote;

    public static bool Is(DeviceType type) => type == DeviceType.CPU && !IsRemote;

    public static bool Has(Tensor tensor) => Is(tensor.device_type);
}
