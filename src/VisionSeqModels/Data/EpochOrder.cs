using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>The order of the samples in an epoch: a function of seed and epoch, the same on every system and device.</summary>
internal static class EpochOrder
{
    /// <summary>A random permutation of 0..count-1 (Fisher and Yates, in Durstenfeld's form).</summary>
    public static long[] Shuffled(int count, long seed, int epoch)
    {
        long[] order = new long[count];
        var random = new SplitMix(SplitMix.Mix(unchecked((ulong)seed)) ^ (uint)epoch);
        for (int i = 0; i < count; i++)
        {
            int other = random.Below(i + 1);
            order[i] = order[other];
            order[other] = i;
        }

        return order;
    }

    /// <summary>The samples of an epoch in the order that a request asks for.</summary>
    /// <param name="request">Whether and how to shuffle.</param>
    /// <param name="count">The number of samples.</param>
    /// <param name="chosen">Which samples they are; null for all.</param>
    /// <returns>Their places in stored order, or null for all of them as they are stored.</returns>
    public static long[]? Of(BatchRequest request, int count, long[]? chosen = null)
    {
        if (!request.Shuffle)
        {
            return chosen;
        }

        long[] order = Shuffled(count, request.Seed, request.Epoch);
        return chosen is null ? order : Array.ConvertAll(order, i => chosen[i]);
    }

    /// <summary>Where each batch of an epoch begins in the order, and its size.</summary>
    public static IEnumerable<(int Begin, int Size)> Batches(BatchRequest request, int count)
    {
        for (long begin = (long)request.SkipBatches * request.BatchSize; begin < count; begin += request.BatchSize)
        {
            int size = (int)Math.Min(request.BatchSize, count - begin);
            if (size < request.BatchSize && request.DropLast)
            {
                yield break;
            }

            yield return ((int)begin, size);
        }
    }
}
