using System.Runtime.ExceptionServices;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests;

/// <summary>Ranks as threads of this process, each with a model of its own; counts the bytes that they send to each
/// other.</summary>
internal sealed class ThreadRanks : IDisposable
{
    private readonly Barrier _barrier;
    private readonly CancellationTokenSource _broken = new();
    private readonly byte[][] _sent;
    private readonly int[][] _counts;
    private long _bytes;

    private ThreadRanks(int size)
    {
        _barrier = new Barrier(size);
        _sent = new byte[size][];
        _counts = new int[size][];
    }

    /// <summary>Bytes that left a rank for another.</summary>
    public long Bytes => _bytes;

    /// <summary>Does the same work on each of some ranks; where one fails, the others end too, and its exception is
    /// thrown.</summary>
    public static T[] Run<T>(int size, Func<IShardExchange, T> work) => Run(size, work, out _);

    public static T[] Run<T>(int size, Func<IShardExchange, T> work, out long bytes)
    {
        using var ranks = new ThreadRanks(size);
        var results = new T[size];
        var errors = new Exception?[size];
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, size)
                .Select(rank => new Thread(() =>
                {
                    try
                    {
                        results[rank] = work(new One(ranks, rank, size));
                    }
                    catch (Exception e)
                    {
                        errors[rank] = e;
                        ranks._broken.Cancel();
                    }
                })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (errors.OfType<Exception>().OrderBy(error => error is OperationCanceledException).FirstOrDefault() is Exception first)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        bytes = ranks.Bytes;
        return results;
    }

    public void Dispose()
    {
        _barrier.Dispose();
        _broken.Dispose();
    }

    private void Meet() => _barrier.SignalAndWait(_broken.Token);

    private sealed class One(ThreadRanks all, int rank, int size) : IShardExchange
    {
        public int Rank => rank;

        public int Size => size;

        public void AllGather(ReadOnlySpan<byte> send, Span<byte> receive, ReadOnlySpan<int> counts)
        {
            Assert.Equal(counts[rank], send.Length);
            all._sent[rank] = send.ToArray();
            Interlocked.Add(ref all._bytes, (size - 1) * (long)send.Length);
            all.Meet();
            Assert.Equal(counts.ToArray(), all._sent.Select(sent => sent.Length).ToArray());
            all._sent.SelectMany(sent => sent).ToArray().CopyTo(receive);
            all.Meet();
        }

        public void AllToAll(
            ReadOnlySpan<byte> send,
            ReadOnlySpan<int> sendCounts,
            Span<byte> receive,
            ReadOnlySpan<int> receiveCounts
        )
        {
            all._sent[rank] = send.ToArray();
            all._counts[rank] = sendCounts.ToArray();
            Interlocked.Add(ref all._bytes, send.Length - sendCounts[rank]);
            all.Meet();
            var parts = Enumerable
                .Range(0, size)
                .Select(from => all._sent[from].AsSpan(all._counts[from][..rank].Sum(), all._counts[from][rank]).ToArray())
                .ToList();
            Assert.Equal(receiveCounts.ToArray(), parts.Select(part => part.Length).ToArray());
            parts.SelectMany(part => part).ToArray().CopyTo(receive);
            all.Meet();
        }
    }
}
