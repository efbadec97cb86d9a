using System.Globalization;
using System.Runtime.InteropServices;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>The ranks of a run as one of them sees them: which shards are its own, and what it gathers from the others. Alone
/// it has every shard, and nothing is sent or copied.</summary>
/// <param name="exchange">The other ranks; null where this is the only one.</param>
/// <param name="shards">Shards of a batch.</param>
internal sealed class ShardRanks(IShardExchange? exchange, int shards)
{
    private const int MostBytes = 1 << 30; // of one exchange
    private const int MostBytesOfARank = 1 << 24;
    private const int NumbersOfAHead = 3;

    public int Rank { get; } = exchange?.Rank ?? 0;

    public int Size { get; } = exchange?.Size ?? 1;

    public bool IsAlone => Size == 1;

    public int Shards => shards;

    /// <summary>Who reads from the device in this run.</summary>
    public HostReader Reader { get; } = new();

    /// <summary>Whether the run was cancelled on some rank, as far as all ranks know.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>The shards of a rank, in order, out of the first <paramref name="active"/>.</summary>
    public IEnumerable<int> Of(int rank, int active)
    {
        var (begin, count) = ShardSplit.Part(shards, Size, rank);
        return Enumerable.Range(begin, count).Where(shard => shard < active);
    }

    /// <summary>Gathers two numbers of every rank.</summary>
    /// <exception cref="InvalidOperationException">A rank is at another place.</exception>
    public (long Value, long Check)[] Heads(RankPlace place, long value, long check = 0)
    {
        long[] mine = [place.ToNumber(), value, check];
        long[] all = new long[NumbersOfAHead * Size];
        int[] counts = new int[Size];
        Array.Fill(counts, NumbersOfAHead * sizeof(long));
        exchange!.AllGather(MemoryMarshal.AsBytes(mine.AsSpan()), MemoryMarshal.AsBytes(all.AsSpan()), counts);
        for (int rank = 0; rank < Size; rank++)
        {
            if (all[NumbersOfAHead * rank] != all[0])
            {
                throw new InvalidOperationException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Rank {rank} is at {RankPlace.FromNumber(all[NumbersOfAHead * rank])} where rank 0 is at "
                            + $"{RankPlace.FromNumber(all[0])}. "
                    ) + "All ranks must run the same program on the same data, and call the trainer in the same order."
                );
            }
        }

        return [.. Enumerable.Range(0, Size).Select(rank => (all[(3 * rank) + 1], all[(3 * rank) + 2]))];
    }

    /// <summary>Gathers the bytes of every rank, in the order of ranks.</summary>
    /// <param name="place">Where this rank is.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="data">What it has read; the same on every rank, unless the ranks have other data.</param>
    /// <exception cref="InvalidOperationException">A rank is at another place, or has read something else.</exception>
    public byte[][] Gather(RankPlace place, ReadOnlyMemory<byte> bytes, long data = 0)
    {
        var heads = Heads(place, bytes.Length, data);
        int other = Array.FindIndex(heads, head => head.Check != heads[0].Check);
        if (other >= 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"Rank {other} has read another batch than rank 0, at {place}. ")
                    + "All ranks must read the same data, prepared in the same way and in the same order."
            );
        }

        byte[][] all = [.. heads.Select(head => new byte[head.Value])];
        int piece = Math.Min(MostBytesOfARank, MostBytes / Size);
        for (long begin = 0; begin < heads.Max(head => head.Value); begin += piece)
        {
            int[] counts = [.. heads.Select(head => (int)Math.Clamp(head.Value - begin, 0, piece))];
            byte[] received = new byte[counts.Sum()];
            exchange!.AllGather(bytes.Span.Slice((int)Math.Min(begin, bytes.Length), counts[Rank]), received, counts);
            int at = 0;
            for (int rank = 0; rank < Size; rank++)
            {
                received.AsSpan(at, counts[rank]).CopyTo(all[rank].AsSpan((int)Math.Min(begin, all[rank].Length)));
                at += counts[rank];
            }
        }

        return all;
    }

    /// <summary>Gathers the tensors of every rank, in the order of ranks; alone the same tensors.</summary>
    /// <param name="place">Where this rank is.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="batch">What it has read.</param>
    /// <param name="device">Where the gathered tensors are to be.</param>
    public List<Tensor>[] Gather(RankPlace place, IReadOnlyCollection<Tensor> tensors, BatchDigest batch, Device device) =>
        IsAlone
            ?
            [
                [.. tensors],
            ]
            :
            [
                .. Gather(place, Reader.Message(tensors), batch.Of(Reader))
                    .Select(message => TensorMessage.Read(message).ConvertAll(tensor => tensor.to(device))),
            ];

    /// <summary>Gives every rank the bytes of rank 0.</summary>
    public byte[] FromFirst(RankPlace place, ReadOnlyMemory<byte> bytes) => Gather(place, Rank == 0 ? bytes : default)[0];

    /// <summary>Whether some rank's token is cancelled; all ranks get the same answer.</summary>
    public bool Cancelled(RankPlace place, CancellationToken cancellationToken)
    {
        IsCancelled = IsAlone
            ? cancellationToken.IsCancellationRequested
            : Heads(place, cancellationToken.IsCancellationRequested ? 1 : 0).Any(head => head.Value != 0);
        return IsCancelled;
    }

    /// <summary>Moves bytes between the ranks as they are.</summary>
    public IShardExchange Exchange => exchange!;
}
