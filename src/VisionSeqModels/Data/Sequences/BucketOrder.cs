using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>An order of the sequences of an epoch in which those of a batch have similar lengths: a function of seed and
/// epoch.</summary>
internal static class BucketOrder
{
    private const int PoolBatches = 32;
    private const ulong Purpose = 0x6275636B6574; // keeps these random numbers apart from those of the epoch's order

    /// <summary>Sorts a shuffled order by length within pools of 32 batches, and shuffles the batches. A short last batch stays
    /// the last, and is drawn before: it has sequences of any length.</summary>
    /// <param name="order">The shuffled order.</param>
    /// <param name="lengthOf">The length of a sequence.</param>
    /// <param name="request">Batch size, seed and epoch.</param>
    public static long[] Of(long[] order, Func<long, int> lengthOf, BatchRequest request)
    {
        int size = request.BatchSize;
        int whole = order.Length - (order.Length % size);
        long poolSize = (long)size * PoolBatches;
        var batches = new List<long[]>();
        for (int begin = 0; begin < whole; begin += (int)Math.Min(poolSize, whole - begin))
        {
            long[] pool = order[begin..(int)Math.Min(begin + poolSize, whole)];
            batches.AddRange(pool.OrderBy(lengthOf).Chunk(size)); // a stable sort: equal lengths stay shuffled
        }

        var random = new SplitMix(SplitMix.Mix(unchecked((ulong)request.Seed) ^ Purpose) ^ (uint)request.Epoch);
        for (int i = batches.Count - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (batches[i], batches[other]) = (batches[other], batches[i]);
        }

        return [.. batches.SelectMany(batch => batch), .. order[whole..]];
    }
}
