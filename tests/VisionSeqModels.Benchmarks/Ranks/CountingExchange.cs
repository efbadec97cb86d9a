using System.Diagnostics;
using VisionSeqModels.Training;

namespace VisionSeqModels.Benchmarks.Ranks;

/// <summary>Notes what goes through another exchange.</summary>
internal sealed class CountingExchange(IShardExchange inner) : IShardExchange
{
    private readonly List<Collective> _calls = [];
    private long _ticks;

    public int Rank => inner.Rank;

    public int Size => inner.Size;

    /// <summary>What went through since it was last asked, and the seconds within.</summary>
    public (Collective[] Calls, double Seconds) Take()
    {
        var taken = (_calls.ToArray(), (double)_ticks / Stopwatch.Frequency);
        _calls.Clear();
        _ticks = 0;
        return taken;
    }

    public void AllGather(ReadOnlySpan<byte> send, Span<byte> receive, ReadOnlySpan<int> counts)
    {
        long begin = Stopwatch.GetTimestamp();
        inner.AllGather(send, receive, counts);
        Add(isAllToAll: false, begin, counts);
    }

    public void AllToAll(
        ReadOnlySpan<byte> send,
        ReadOnlySpan<int> sendCounts,
        Span<byte> receive,
        ReadOnlySpan<int> receiveCounts
    )
    {
        long begin = Stopwatch.GetTimestamp();
        inner.AllToAll(send, sendCounts, receive, receiveCounts);
        Add(isAllToAll: true, begin, sendCounts);
    }

    private void Add(bool isAllToAll, long begin, ReadOnlySpan<int> counts)
    {
        _ticks += Stopwatch.GetTimestamp() - begin;
        int most = 0;
        foreach (int count in counts)
        {
            most = Math.Max(most, count);
        }

        _calls.Add(new Collective(isAllToAll, most));
    }
}
