using System.Runtime.InteropServices;

namespace VisionSeqModels.Kernels;

/// <summary>Starts teams of threads of an OpenMP.</summary>
internal sealed unsafe class OpenMPTeams
{
    /// <summary>No OpenMP.</summary>
    public static readonly OpenMPTeams None = new();

    private readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> _parallel;
    private readonly delegate* unmanaged<Ident*, int, delegate* unmanaged<int*, int*, void*, void>, void*, void> _fork;
    private readonly delegate* unmanaged<Ident*, int, int, void> _pushThreads;
    private readonly delegate* unmanaged<Ident*, int> _globalNumber;
    private readonly delegate* unmanaged<int> _number;
    private readonly delegate* unmanaged<int> _size;
    private readonly Ident* _place;

    /// <param name="library">The library, or one that depends on it.</param>
    /// <param name="entry">What it has, as <see cref="OpenMPLibraries.Choose"/> says.</param>
    public OpenMPTeams(nint library, OpenMPEntry entry)
    {
        Entry = entry;
        _number = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "omp_get_thread_num");
        _size = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "omp_get_num_threads");
        if (entry == OpenMPEntry.Gomp)
        {
            _parallel = (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)
                NativeLibrary.GetExport(library, "GOMP_parallel");
            return;
        }

        // void __kmpc_fork_call(ident_t*, int argc, kmpc_micro, ...): but for Apple's ARM64, what stands for ... is passed as
        // other parameters are.
        _fork = (delegate* unmanaged<Ident*, int, delegate* unmanaged<int*, int*, void*, void>, void*, void>)
            NativeLibrary.GetExport(library, "__kmpc_fork_call");
        _pushThreads = (delegate* unmanaged<Ident*, int, int, void>)NativeLibrary.GetExport(library, "__kmpc_push_num_threads");
        _globalNumber = (delegate* unmanaged<Ident*, int>)NativeLibrary.GetExport(library, "__kmpc_global_thread_num");
        _place = (Ident*)NativeMemory.AllocZeroed((nuint)sizeof(Ident)); // for as long as the process runs
        _place->Flags = Ident.Kmpc;
        _place->Source = (byte*)Marshal.StringToCoTaskMemUTF8(";unknown;unknown;0;0;;");
    }

    private OpenMPTeams() => Entry = OpenMPEntry.None;

    public OpenMPEntry Entry { get; }

    /// <summary>The number of the current thread in its team.</summary>
    public int Number => _number();

    /// <summary>How many threads the current team has.</summary>
    public int Size => _size();

    /// <summary>Calls a function in each thread of a team, and waits for all.</summary>
    /// <param name="threads">How many there should be; OpenMP may give fewer.</param>
    /// <param name="byGomp">The function for <see cref="OpenMPEntry.Gomp"/>; it gets the argument.</param>
    /// <param name="byKmpc">The same for <see cref="OpenMPEntry.Kmpc"/>: the argument comes after pointers to two numbers of
    /// the thread.</param>
    /// <param name="argument">The argument.</param>
    public void Start(
        int threads,
        delegate* unmanaged<void*, void> byGomp,
        delegate* unmanaged<int*, int*, void*, void> byKmpc,
        void* argument
    )
    {
        if (Entry == OpenMPEntry.Gomp)
        {
            _parallel(byGomp, argument, (uint)threads, 0);
            return;
        }

        _pushThreads(_place, _globalNumber(_place), threads);
        _fork(_place, 1, byKmpc, argument);
    }

    /// <summary><c>ident_t</c>: a place in the source, for messages.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Ident
    {
        public const int Kmpc = 2; // KMP_IDENT_KMPC: a compiler of C made the call

        public int Reserved1;
        public int Flags;
        public int Reserved2;
        public int Reserved3;
        public byte* Source;
    }
}
