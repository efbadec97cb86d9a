namespace VisionSeqModels.Training;

/// <summary>How the processes of one training, its ranks, exchange bytes. Each rank runs the same program and computes some of
/// the shards of a batch (<see cref="TrainerOptions.Shards"/>). The package VisionSeqModels.Mpi has one over MPI.</summary>
/// <remarks>Every rank calls the same methods in the same order, from one thread. A call returns when this rank has all that it
/// receives. Where another rank is gone, it throws or ends the process; it must not wait for ever. A call has at most 1 GiB of
/// bytes on each side. Sums are made by the trainer, in shard order: an exchange only moves bytes.</remarks>
public interface IShardExchange
{
    /// <summary>Which of the ranks this process is, from 0. Rank 0 writes the run directory.</summary>
    int Rank { get; }

    /// <summary>How many ranks there are, at least 1.</summary>
    int Size { get; }

    /// <summary>Gives every rank the bytes of all ranks (MPI's <c>Allgatherv</c>).</summary>
    /// <param name="send">The bytes of this rank.</param>
    /// <param name="receive">Receives the bytes of all ranks, one rank after another.</param>
    /// <param name="counts">How many bytes each rank sends, one number a rank; the same on every rank.</param>
    void AllGather(ReadOnlySpan<byte> send, Span<byte> receive, ReadOnlySpan<int> counts);

    /// <summary>Gives every rank its own part of the bytes of all ranks (MPI's <c>Alltoallv</c>).</summary>
    /// <param name="send">What this rank sends, the part of one rank after another.</param>
    /// <param name="sendCounts">How many bytes it sends to each rank, one number a rank.</param>
    /// <param name="receive">Receives this rank's parts, from one rank after another.</param>
    /// <param name="receiveCounts">How many bytes each rank sends to this one, one number a rank.</param>
    void AllToAll(ReadOnlySpan<byte> send, ReadOnlySpan<int> sendCounts, Span<byte> receive, ReadOnlySpan<int> receiveCounts);
}
