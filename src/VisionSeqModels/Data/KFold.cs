using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Divides a data set into folds as a function of a seed: each sample is held out by exactly one of them.</summary>
internal static class KFold
{
    private const ulong Purpose = 0x666F6C6473; // keeps these random numbers apart from those of the epochs' order

    /// <summary>For each image the fold that holds it out, from 0.</summary>
    /// <exception cref="ArgumentException">There are fewer images, or fewer groups, than folds.</exception>
    public static int[] Of(IImageSource data, int folds, long seed, bool stratified, Func<long, long>? group)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        int[]? labels = stratified ? [.. Enumerable.Range(0, data.Count).Select(i => data.GetLabel(i))] : null;
        long[]? groups = group is null ? null : [.. Enumerable.Range(0, data.Count).Select(i => group(i))];
        int parts = groups?.Distinct().Count() ?? data.Count;
        return parts >= folds
            ? Of(data.Count, labels, groups, folds, seed)
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{folds} folds of '{data.Name}' need at least as many {(groups is null ? "images" : "groups")}, but there "
                        + $"are {parts}. Ask for fewer folds, or give more data."
                ),
                nameof(folds)
            );
    }

    /// <param name="count">The number of samples.</param>
    /// <param name="labels">The class of each; null to divide whatever the classes.</param>
    /// <param name="groups">The group of each; null where each sample is its own.</param>
    /// <param name="folds">The number of folds, at most that of samples and groups.</param>
    /// <param name="seed">The seed of the draw.</param>
    public static int[] Of(int count, IReadOnlyList<int>? labels, IReadOnlyList<long>? groups, int folds, long seed)
    {
        int[] order = Shuffled(count, seed);
        return groups is not null ? GroupedFolds.Of(order, labels, groups, folds)
            : labels is not null ? Dealt([.. order.OrderBy(FirstOf(labels))], folds)
            : Dealt(order, folds);
    }

    /// <summary>What a fold trains on, and what it holds out.</summary>
    public static (ImageSubset Train, ImageSubset HeldOut) Parts(IImageSource data, int[] foldOf, int fold) =>
        ImageSubset.Divide(data, i => foldOf[i] == fold);

    /// <summary>Deals samples to the folds in turn. Where those of a class stand together, the folds' counts of it differ by
    /// one at most, and so do the folds' sizes.</summary>
    private static int[] Dealt(int[] order, int folds)
    {
        int[] foldOf = new int[order.Length];
        for (int place = 0; place < order.Length; place++)
        {
            foldOf[order[place]] = place % folds;
        }

        return foldOf;
    }

    /// <summary>For each sample the place of its class among the classes, in the order in which they first occur.</summary>
    private static Func<int, int> FirstOf(IReadOnlyList<int> labels)
    {
        var places = new Dictionary<int, int>();
        foreach (int label in labels)
        {
            places.TryAdd(label, places.Count);
        }

        return sample => places[labels[sample]];
    }

    public static int[] Shuffled(int count, long seed)
    {
        int[] order = new int[count];
        var random = new SplitMix(SplitMix.Mix(unchecked((ulong)seed) ^ Purpose));
        for (int i = 0; i < count; i++)
        {
            int other = random.Below(i + 1);
            order[i] = order[other];
            order[other] = i;
        }

        return order;
    }
}
