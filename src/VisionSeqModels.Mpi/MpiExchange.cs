using System.Globalization;
using System.Runtime.InteropServices;
using VisionSeqModels.Training;

namespace VisionSeqModels.Mpi;

/// <summary>Moves bytes between the ranks of <c>MPI_COMM_WORLD</c>. An error of MPI ends the job: that is MPI's own
/// default.</summary>
internal sealed class MpiExchange : IShardExchange
{
    private const int Serialized = 2; // MPI_THREAD_SERIALIZED: any thread, one at a time

    private MpiExchange(int rank, int size)
    {
        Rank = rank;
        Size = size;
    }

    public int Rank { get; }

    public int Size { get; }

    /// <exception cref="DllNotFoundException">No MPI is installed.</exception>
    /// <exception cref="InvalidOperationException">MPI refused.</exception>
    public static MpiExchange Begin()
    {
        MpiLibrary.EnsureLoaded();
        Check(MpiLibrary.Init(0, 0, Serialized, out _), "MPI_Init_thread");
        Check(MpiLibrary.Rank(MpiLibrary.World, out int rank), "MPI_Comm_rank");
        Check(MpiLibrary.Size(MpiLibrary.World, out int size), "MPI_Comm_size");
        return new MpiExchange(rank, size);
    }

    /// <summary>Waits for the other ranks, and leaves.</summary>
    public static void End() => Check(MpiLibrary.End(), "MPI_Finalize");

    /// <summary>Ends all ranks.</summary>
    public static void Abort(int status) => _ = MpiLibrary.Abort(MpiLibrary.World, status);

    public void AllGather(ReadOnlySpan<byte> send, Span<byte> receive, ReadOnlySpan<int> counts) =>
        Check(
            MpiLibrary.AllGather(
                ref MemoryMarshal.GetReference(send),
                send.Length,
                MpiLibrary.Byte,
                ref MemoryMarshal.GetReference(receive),
                ref MemoryMarshal.GetReference(counts),
                ref MemoryMarshal.GetArrayDataReference(Begins(counts)),
                MpiLibrary.Byte,
                MpiLibrary.World
            ),
            "MPI_Allgatherv"
        );

    public void AllToAll(
        ReadOnlySpan<byte> send,
        ReadOnlySpan<int> sendCounts,
        Span<byte> receive,
        ReadOnlySpan<int> receiveCounts
    ) =>
        Check(
            MpiLibrary.AllToAll(
                ref MemoryMarshal.GetReference(send),
                ref MemoryMarshal.GetReference(sendCounts),
                ref MemoryMarshal.GetArrayDataReference(Begins(sendCounts)),
                MpiLibrary.Byte,
                ref MemoryMarshal.GetReference(receive),
                ref MemoryMarshal.GetReference(receiveCounts),
                ref MemoryMarshal.GetArrayDataReference(Begins(receiveCounts)),
                MpiLibrary.Byte,
                MpiLibrary.World
            ),
            "MPI_Alltoallv"
        );

    /// <summary>Where each rank's bytes begin.</summary>
    private static int[] Begins(ReadOnlySpan<int> counts)
    {
        int[] begins = new int[counts.Length];
        for (int i = 1; i < begins.Length; i++)
        {
            begins[i] = begins[i - 1] + counts[i - 1];
        }

        return begins;
    }

    private static void Check(int status, string function)
    {
        if (status != 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"{function} failed with the error class {status} of MPI.")
            );
        }
    }
}
