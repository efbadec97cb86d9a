using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Kernels;

/// <summary>Divides work among the threads of libtorch's own operations: those of the OpenMP that libtorch brings.</summary>
/// <remarks>Threads of .NET would wait for OpenMP's, which spin on every core after each operation. Where no OpenMP is found
/// the calling thread does all the work. See docs/decisions/0010-own-kernels.md.</remarks>
internal static unsafe class OpenMP
{
    /// <summary>The number of floats to leave between the memory of two threads. Processors prefetch what lies behind the
    /// memory in use.</summary>
    public const int Gap = 4096;

    /// <summary>What this thread uses instead of what was found; null, as always in production, changes nothing.</summary>
    [ThreadStatic]
    public static OpenMPTeams? Instead;

    private static readonly OpenMPTeams Found = OpenMPLibraries.Find();

    /// <summary>The OpenMP that is used.</summary>
    public static OpenMPTeams Teams => Instead ?? Found;

    /// <summary>Whether work here has as many threads as libtorch's own operations have, or these have at most two.</summary>
    public static bool IsBeneficial => Teams.Entry != OpenMPEntry.None || torch.get_num_threads() <= 2;

    /// <summary>The number of threads for work of so many parts.</summary>
    public static int Threads(long parts) => Teams.Entry == OpenMPEntry.None ? 1 : (int)Math.Min(parts, torch.get_num_threads());

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

        var job = new Job(Teams, threads, work);
        var handle = GCHandle.Alloc(job);
        job.Teams.Start(threads, &Enter, &Enter, (void*)GCHandle.ToIntPtr(handle));
        handle.Free();
        job.Failure?.Throw();
    }

    [UnmanagedCallersOnly]
    private static void Enter(void* handle) => DoParts(handle);

    [UnmanagedCallersOnly]
    private static void Enter(int* globalNumber, int* teamNumber, void* handle) => DoParts(handle);

    private static void DoParts(void* handle)
    {
        var job = (Job)GCHandle.FromIntPtr((nint)handle).Target!;
        try
        {
            for (int part = job.Teams.Number; part < job.Count; part += job.Teams.Size)
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

    private sealed class Job(OpenMPTeams teams, int count, Action<int> work)
    {
        public OpenMPTeams Teams { get; } = teams;

        public int Count { get; } = count;

        public Action<int> Work { get; } = work;

        /// <summary>What a test has set on the thread that started the work.</summary>
        public Action<string>? Hook { get; } = FaultInjection.Hook;

        public ExceptionDispatchInfo? Failure { get; set; }
    }
}
