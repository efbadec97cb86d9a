using VisionSeqModels.Training;

namespace VisionSeqModels.Mpi;

/// <summary>The exchange of a process that was started without <c>mpirun</c>.</summary>
internal sealed class OnlyRank : IShardExchange
{
    public int Rank => 0;

    public int Size => 1;

    public void AllGather(ReadOnlySpan<byte> send, Span<byte> receive, ReadOnlySpan<int> counts) => send.CopyTo(receive);

    public void AllToAll(
        ReadOnlySpan<byte> send,
        ReadOnlySpan<int> sendCounts,
        Span<byte> receive,
        ReadOnlySpan<int> receiveCounts
    ) => send.CopyTo(receive);
}
