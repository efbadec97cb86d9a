using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Kernels;

/// <summary>Divides work among the threads of libtorch's own operations: those of GNU's OpenMP, which libtorch brings on
/// Linux.</summary>
/// <remarks>Threads of .NET would wait for OpenMP's, which spin on every core after each operation. On systems without GNU's
/// OpenMP the calling thread does all the work. See docs/decisions/0010-own-kernels.md.</remarks>
internal static unsafe class OpenMP
{
    /// <summary>The number of floats to leave between the memory of two threads. Processors prefetch what lies behind the
    /// memory in use.</summary>
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

    /// <summary>Whether work here has as many threads as libtorch's own operations have, or these have at most two.</summary>
    public static bool IsBeneficial => Parallel is not null || torch.get_num_threads() <= 2;

    /// <summary>The number of threads for work of so many parts.</summary>
    public static int Threads(long parts) => Parallel is null ? 1 : (int)Math.Min(parts, torch.get_num_threads());

    /// <summary>Does all parts of the work at the same time and waits for them.</summary>
    /// <param name="threads">The number of parts, as <see cref="Threads"/> gives it.</param>
    /// <param name="work">Called once for each part, with its number. Each part has a thread of its own, unless OpenMP gives
    /// fewer.</param>
    public static void Run(int threads, Action<int> work)
    {
        FaultInjection.Pass(nameof(OpenMP));
        if (threads == 1)
        {
            work(0);
            return;
        }

        var job = new Job(threads, work);
        var handle = GCHandle.Alloc(job);
        Parallel(&Enter, (void*)GCHandle.ToIntPtr(handle), (uint)threads, 0);
        handle.Free();
        job.Failure?.Throw();
    }

    [UnmanagedCallersOnly]
    private static void Enter(void* handle)
    {
        var job = (Job)GCHandle.FromIntPtr((nint)handle).Target!;
        try
        {
            for (int part = ThreadNumber(); part < job.Count; part += TeamSize())
            {
                job.Hook?.Invoke(nameof(Enter));
                job.Work(part);
            }
        }
        catch (Exception e) // an exception must not cross native code
        {
            job.Failure = ExceptionDispatchInfo.Capture(e);
        }
    }

    // dlsym also searches a library's dependencies: this finds the OpenMP that libtorch itself uses.
    private static nint? Library() =>
        NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out nint library) ? library : null;

    private sealed class Job(int count, Action<int> work)
    {
        public int Count { get; } = count;

        public Action<int> Work { get; } = work;

        /// <summary>What a test has set on the thread that started the work.</summary>
        public Action<string>? Hook { get; } = FaultInjection.Hook;

        public ExceptionDispatchInfo? Failure { get; set; }
    }
}
