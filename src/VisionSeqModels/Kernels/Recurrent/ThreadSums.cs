using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>Sums that each thread keeps for itself; a tensor of the dispose scope it was made in.</summary>
internal sealed unsafe class ThreadSums
{
    private readonly Tensor _all;
    private readonly float* _start;
    private readonly nint _size;

    /// <summary>Sums <c>[lines, width]</c> for each thread.</summary>
    public ThreadSums(int threads, int lines, int width)
    {
        _size = (nint)lines * width;
        long count = (long)threads * (_size + OpenMP.Gap);
        var memory = TensorMemory.Empty(count);
        _start = TensorMemory.Pointer(memory, count);
        _all = memory.as_strided([threads, lines, width], [_size + OpenMP.Gap, width, 1]);
    }

    /// <summary>A thread's sums.</summary>
    public float* Of(int thread) => _start + (thread * (_size + OpenMP.Gap));

    /// <summary>Sets a thread's sums to zero.</summary>
    public void Clear(int thread) => new Span<float>(Of(thread), checked((int)_size)).Clear();

    /// <summary>All threads' sums together, of the first columns, <c>[lines, columns]</c>; it belongs to the current
    /// dispose scope.</summary>
    public Tensor Total(int columns)
    {
        FaultInjection.Pass(TensorMemory.Memory);
        return _all.narrow(2, 0, columns).sum([0L]);
    }
}
