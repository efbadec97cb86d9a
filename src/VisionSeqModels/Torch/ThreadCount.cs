using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Has libtorch's operations of this thread work with some number of threads, until disposed.</summary>
/// <remarks> OpenMP keeps the number for each thread apart, but libtorch also remembers the last one that anybody set, and
/// gives it to a thread at its first operation. So the number is read before it is set (which is such an operation), and
/// whoever starts threads sets their own number again when they are done. </remarks>
internal readonly struct ThreadCount : IDisposable
{
    private readonly int _before;

    public ThreadCount(int threads)
    {
        _before = get_num_threads();
        set_num_threads(threads);
    }

    public void Dispose() => set_num_threads(_before);
}
