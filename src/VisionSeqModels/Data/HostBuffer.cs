using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Memory in which a batch is made before it goes to a device. For an NVIDIA GPU it is pinned, so that the copy runs
/// beside the program.</summary>
/// <remarks>libtorch keeps a ring of pinned buffers: one that is disposed serves again as soon as its copy is done, and no
/// sooner. So nobody here waits for a copy, and no buffer is overwritten during one.</remarks>
internal static class HostBuffer
{
    /// <summary>A contiguous tensor on the CPU whose values are not set, in the current dispose scope.</summary>
    public static Tensor Empty(Device device, ScalarType dtype, params long[] shape) =>
        IsPinnedFor(device) ? Pinned(dtype, shape) : empty(shape, dtype: dtype);

    /// <summary>Moves it to the device, and gives it back to the ring; on the CPU it stays as it is.</summary>
    public static Tensor Send(Tensor buffer, Device device)
    {
        if (device.type == DeviceType.CPU)
        {
            return buffer;
        }

        using (buffer)
        {
            return buffer.to(device, non_blocking: IsPinnedFor(device));
        }
    }

    /// <summary>Pinned memory; libtorch refuses it where there is no GPU.</summary>
    internal static Tensor Pinned(ScalarType dtype, params long[] shape)
    {
        using var scope = NewDisposeScope();
        long rows = shape[0];
        long columns = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        var memory = (Tensor)TorchScripts.Call("pinned", checked((int)rows), checked((int)columns), (int)dtype)!;
        return memory.view(shape).MoveToOuterDisposeScope();
    }

    private static bool IsPinnedFor(Device device) => device.type == DeviceType.CUDA && TorchScripts.Exist;
}
