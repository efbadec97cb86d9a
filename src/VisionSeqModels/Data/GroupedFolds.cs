namespace VisionSeqModels.Data;

/// <summary>Divides groups among folds, each group whole.</summary>
internal static class GroupedFolds
{
    private const int Digits = 12; // differences beyond are rounding

    /// <summary>For each sample its fold, from 0. Group by group goes to the fold that it suits best: without classes to the
    /// smallest, the largest groups first; with classes to where the folds' fractions of each class then differ least, the
    /// groups that are furthest from even first.</summary>
    /// <param name="order">All samples, shuffled: it decides between groups that are alike.</param>
    /// <param name="labels">The class of each sample; null to divide whatever the classes.</param>
    /// <param name="groups">The group of each.</param>
    /// <param name="folds">The number of folds, at most that of groups.</param>
    /// <param name="sizes">How large each fold is to be, as a multiple of the mean; null for all alike.</param>
    public static int[] Of(
        int[] order,
        IReadOnlyList<int>? labels,
        IReadOnlyList<long> groups,
        int folds,
        IReadOnlyList<double>? sizes = null
    )
    {
        sizes ??= [.. Enumerable.Repeat(1.0, folds)];
        int[] classes = labels is null ? [0] : [.. labels.Distinct()];
        var members = order
            .GroupBy(sample => groups[sample])
            .Select(group => (Samples: group.ToArray(), Counts: Count(group, labels, classes)))
            .OrderByDescending(group => classes.Length == 1 ? group.Counts[0] : Deviation(group.Counts))
            .ToList();
        double[] totals = [.. classes.Select((_, i) => members.Sum(group => group.Counts[i]))];
        double[][] held = [.. Enumerable.Range(0, folds).Select(_ => new double[classes.Length])];
        int[] foldOf = new int[order.Length];
        for (int i = 0; i < members.Count; i++)
        {
            var (samples, counts) = members[i];
            int[] empty = [.. Enumerable.Range(0, folds).Where(fold => held[fold].All(count => count == 0))];
            IEnumerable<int> open = members.Count - i <= empty.Length ? empty : Enumerable.Range(0, folds); // none stays empty
            int best = open.MinBy(fold =>
                (Math.Round(Unevenness(held, fold, counts, totals, sizes), Digits), held[fold].Sum() / sizes[fold])
            );
            Array.ForEach(samples, sample => foldOf[sample] = best);
            held[best] = [.. held[best].Zip(counts, (a, b) => a + b)];
        }

        return foldOf;
    }

    private static double[] Count(IEnumerable<int> samples, IReadOnlyList<int>? labels, int[] classes)
    {
        var counts = samples.CountBy(sample => labels?[sample] ?? 0).ToDictionary();
        return [.. classes.Select(label => (double)counts.GetValueOrDefault(label))];
    }

    /// <summary>How much the folds differ in their fraction of each class, if a group went to one of them.</summary>
    private static double Unevenness(double[][] held, int fold, double[] counts, double[] totals, IReadOnlyList<double> sizes) =>
        totals
            .Select(
                (total, i) => Deviation([.. held.Select((had, f) => (had[i] + (f == fold ? counts[i] : 0)) / total / sizes[f])])
            )
            .Average();

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
