using System.Reflection;
using System.Runtime.InteropServices;

namespace VisionSeqModels.Mpi;

/// <summary>MPI's functions. The library is that of this system: Open MPI 4 or 5, MPICH or MS-MPI.</summary>
/// <remarks>Handles are pointers in Open MPI and 32-bit numbers elsewhere; both go in a register, so one declaration serves all.
/// Only Open MPI was run by the tests.</remarks>
internal static class MpiLibrary
{
    public const string Missing =
        "The program was started as an MPI rank, but MPI's library was not found. Install Open MPI on this machine (on Debian: "
        + "apt-get install openmpi-bin; on macOS: brew install open-mpi), or start the program without mpirun.";

    private const string Name = "mpi";

    // Open MPI 4 and 5 have the first name alike; MPICH has the second
    private static readonly string[] Files =
        OperatingSystem.IsWindows() ? ["msmpi.dll"]
        : OperatingSystem.IsMacOS() ? ["libmpi.40.dylib", "libmpi.dylib", "/opt/homebrew/lib/libmpi.dylib"]
        : ["libmpi.so.40", "libmpi.so.12", "libmpi.so"];

    private static readonly nint Handle = Load();

    /// <summary>All ranks.</summary>
    public static nint World { get; } = Symbol("ompi_mpi_comm_world", mpich: 0x44000000);

    /// <summary>The type of a byte.</summary>
    public static nint Byte { get; } = Symbol("ompi_mpi_byte", mpich: 0x4c00010d);

    [DllImport(Name, EntryPoint = "MPI_Init_thread")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Init(nint argc, nint argv, int required, out int provided);

    [DllImport(Name, EntryPoint = "MPI_Finalize")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int End();

    [DllImport(Name, EntryPoint = "MPI_Abort")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Abort(nint ranks, int status);

    [DllImport(Name, EntryPoint = "MPI_Comm_rank")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Rank(nint ranks, out int rank);

    [DllImport(Name, EntryPoint = "MPI_Comm_size")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Size(nint ranks, out int size);

    [DllImport(Name, EntryPoint = "MPI_Allgatherv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int AllGather(
        ref byte send,
        int count,
        nint sendType,
        ref byte receive,
        ref int counts,
        ref int begins,
        nint receiveType,
        nint ranks
    );

    [DllImport(Name, EntryPoint = "MPI_Alltoallv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int AllToAll(
        ref byte send,
        ref int sendCounts,
        ref int sendBegins,
        nint sendType,
        ref byte receive,
        ref int receiveCounts,
        ref int receiveBegins,
        nint receiveType,
        nint ranks
    );

    /// <summary>Makes the declarations above find the library. Call it before any of them.</summary>
    /// <exception cref="DllNotFoundException">No MPI is installed.</exception>
    public static void EnsureLoaded()
    {
        if (Handle == 0)
        {
            throw new DllNotFoundException(Missing);
        }
    }

    private static nint Load()
    {
        foreach (string file in Files)
        {
            if (NativeLibrary.TryLoad(file, out nint handle))
            {
                NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == Name ? handle : 0);
                return handle;
            }
        }

        return 0;
    }

    private static nint Symbol(string openMpi, nint mpich) =>
        Handle != 0 && NativeLibrary.TryGetExport(Handle, openMpi, out nint address) ? address : mpich;
}
