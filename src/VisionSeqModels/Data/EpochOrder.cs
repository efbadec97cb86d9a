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
}
