using VisionSeqModels.Training;

namespace VisionSeqModels.Benchmarks.Ranks;

/// <summary>As many ranks as wanted, all of which say what this one says, at once: a step costs all that a rank does itself, and
/// nothing that the network does. The weights mean nothing.</summary>
internal sealed class EchoExchange(int size) : IShardExchange
{
    public int Rank => 0;

    public int Size => size;

    public void AllGather(ReadOnlySpan<byte> send, Span<byte> receive, ReadOnlySpan<int> counts)
    {
        int at = 0;
        foreach (int count in counts)
        {
            int there = Math.Min(count, send.Length);
            send[..there].CopyTo(receive.Slice(at, count));
            at += count;
        }
    }

    public void AllToAll(
        ReadOnlySpan<byte> send,
        ReadOnlySpan<int> sendCounts,
        Span<byte> receive,
        ReadOnlySpan<int> receiveCounts
    ) => AllGather(send[..sendCounts[0]], receive, receiveCounts);
}
