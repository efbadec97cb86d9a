using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Sets the number of threads for libtorch's operations on this thread, until disposed.</summary>
/// <remarks>OpenMP keeps a number for each thread. libtorch also remembers the last number that any thread set, and gives it
/// to a new thread at its first operation. So this reads the number before it sets one, which is such an operation; and
/// code that starts threads sets its own number again when they end.</remarks>
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
