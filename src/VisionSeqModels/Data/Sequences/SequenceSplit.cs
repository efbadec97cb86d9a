using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Chooses a fraction of sequences as a function of a seed: of every class the same, or whole groups.</summary>
internal static class SequenceSplit
{
    private const ulong Purpose = 0x7365717370; // keeps these random numbers apart from others

    /// <summary>Which sequences are chosen.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="labels">The class of each; null to choose whatever the classes.</param>
    /// <param name="groups">The group of each; null where each is its own.</param>
    /// <param name="fraction">The fraction to choose; above 0 and below 1.</param>
    /// <param name="seed">The seed of the draw.</param>
    public static bool[] Of(int count, IReadOnlyList<int>? labels, IReadOnlyList<long>? groups, double fraction, long seed)
    {
        var random = new SplitMix(SplitMix.Mix(unchecked((ulong)seed) ^ Purpose));
        bool[] chosen = new bool[count];
        if (groups is not null)
        {
            Choose(
                chosen,
                [.. Enumerable.Range(0, count).GroupBy(i => groups[i]).Select(group => group.ToArray())],
                fraction,
                random
            );
            return chosen;
        }

        foreach (var members in Enumerable.Range(0, count).GroupBy(i => labels?[i] ?? 0).OrderBy(group => group.Key))
        {
            int[] shuffled = Shuffled([.. members], ref random);
            int taken = (int)Math.Round(shuffled.Length * fraction, MidpointRounding.AwayFromZero);
            Array.ForEach(shuffled[..taken], i => chosen[i] = true);
        }

        return chosen;
    }

    /// <summary>Takes groups in random order while that brings the chosen ones nearer to the fraction.</summary>
    private static void Choose(bool[] chosen, int[][] groups, double fraction, SplitMix random)
    {
        double wanted = chosen.Length * fraction;
        int taken = 0;
        foreach (int[] group in Shuffled(groups, ref random))
        {
            if (Math.Abs(taken + group.Length - wanted) < Math.Abs(taken - wanted))
            {
                taken += group.Length;
                Array.ForEach(group, i => chosen[i] = true);
            }
        }
    }

    private static T[] Shuffled<T>(T[] items, ref SplitMix random)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }

        return items;
    }
}
