using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace VisionSeqModels.Torch;

/// <summary> Work shared by the very threads that libtorch's own operations use: GNU's OpenMP, which libtorch brings on
/// Linux. Threads of .NET beside them would have to wait, as OpenMP's spin on every core after each operation. Where it is
/// not found, on other systems, the calling thread does all. See docs/decisions/0010-own-kernels.md. </summary>
internal static unsafe class OpenMP
{
    /// <summary>Floats to leave between what one thread writes and what another does: processors fetch in advance what lies
    /// behind.</summary>
    public const int Gap = 4096;

    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Parallel;
    private static readonly delegate* unmanaged<int> ThreadNumber;
    private static readonly delegate* unmanaged<int> TeamSize;

    static OpenMP()
    {
        if (
            OperatingSystem.IsLinux()
            && Library() is nint library
            && NativeLibrary.TryGetExport(library, "GOMP_parallel", out nint parallel)
            && NativeLibrary.TryGetExport(library, "omp_get_thread_num", out nint number)
            && NativeLibrary.TryGetExport(library, "omp_get_num_threads", out nint size)
        )
        {
            ThreadNumber = (delegate* unmanaged<int>)number;
            TeamSize = (delegate* unmanaged<int>)size;
            Parallel = (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)parallel;
        }
    }

    /// <summary>Whether libtorch's own operations would hardly be quicker for having more threads than work here has.</summary>
    public static bool IsBeneficial => Parallel is not null || torch.get_num_threads() <= 2;

    /// <summary>How many threads can share work of so many parts.</summary>
    public static int Threads(int parts) => Parallel is null ? 1 : Math.Min(parts, torch.get_num_threads());

    /// <summary>Does shares of work at the same time and waits for all.</summary>
    /// <param name="threads">How many shares, as <see cref="Threads"/> says.</param>
    /// <param name="work">Called once for each share, with its number; each in a thread of its own, unless OpenMP gives
    /// fewer.</param>
    public static void Run(int threads, Action<int> work)
    {
        if (threads == 1)
        {
            work(0);
            return;
        }

        var shared = new Shared(threads, work);
        var handle = GCHandle.Alloc(shared);
        Parallel(&Enter, (void*)GCHandle.ToIntPtr(handle), (uint)threads, 0);
        handle.Free();
        shared.Failure?.Throw();
    }

    [UnmanagedCallersOnly]
    private static void Enter(void* handle)
    {
        var shared = (Shared)GCHandle.FromIntPtr((nint)handle).Target!;
        try
        {
            for (int share = ThreadNumber(); share < shared.Count; share += TeamSize())
            {
                shared.Work(share);
            }
        }
        catch (Exception e) // it must not cross native code
        {
            shared.Failure = ExceptionDispatchInfo.Capture(e);
        }
    }

    // dlsym looks through what a library depends on, so that this finds the OpenMP that libtorch itself is bound to.
    private static nint? Library() =>
        NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out nint library) ? library : null;

    private sealed class Shared(int count, Action<int> work)
    {
        public int Count { get; } = count;

        public Action<int> Work { get; } = work;

        public ExceptionDispatchInfo? Failure { get; set; }
    }
}
