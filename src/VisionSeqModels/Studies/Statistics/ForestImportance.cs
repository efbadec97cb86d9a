namespace VisionSeqModels.Studies;

/// <summary>How much of a metric's variance each variable accounts for by itself, by a random forest: functional analysis of
/// variance.</summary>
/// <remarks>Source: Hutter, Hoos, Leyton-Brown: An Efficient Approach for Assessing Hyperparameter Importance (2014). Each level
/// counts as often as samples have it, so the measure is that of the search.</remarks>
internal sealed class ForestImportance
{
    private const int Trees = 100;

    /// <param name="samples">At least one variable and two samples.</param>
    /// <param name="seed">The seed of the forest.</param>
    public ForestImportance(TreeSamples samples, int seed = 1)
    {
        int count = samples.Values.Count;
        var random = new Random(seed);
        double[][] weights =
        [
            .. samples.Levels.Select(
                (levels, variable) =>
                    Enumerable
                        .Range(0, samples.LevelCounts[variable])
                        .Select(level => levels.Count(other => other == level) / (double)count)
                        .ToArray()
            ),
        ];
        double[] sums = new double[samples.Levels.Count],
            unseen = new double[count];
        int[] votes = new int[count];
        int counted = 0;
        for (int i = 0; i < Trees; i++)
        {
            List<int> chosen = [.. Enumerable.Range(0, count).Select(_ => random.Next(count))];
            var tree = new RegressionTree(samples, chosen, random);
            if (Fractions(tree, weights) is double[] fractions)
            {
                counted++;
                sums = [.. sums.Zip(fractions, (sum, fraction) => sum + fraction)];
            }

            foreach (int sample in Enumerable.Range(0, count).Except(chosen))
            {
                unseen[sample] += tree.Predict(sample);
                votes[sample]++;
            }
        }

        Fraction = [.. sums.Select(sum => counted == 0 ? 0 : sum / counted)];
        Explained = R2(samples.Values, unseen, votes);
    }

    /// <summary>For each variable the fraction of the forest's variance that it accounts for by itself; what they leave of 1 is
    /// due to variables together.</summary>
    public IReadOnlyList<double> Fraction { get; }

    /// <summary>The fraction of the samples' variance that trees explain which have not seen them (out of bag); 0 or less where
    /// they predict no better than the mean.</summary>
    public double Explained { get; }

    /// <summary>The variance of a tree's prediction by each variable alone, as a fraction of all its variance; null where it
    /// predicts the same everywhere.</summary>
    private static double[]? Fractions(RegressionTree tree, double[][] weights)
    {
        var leaves = tree
            .Leaves.Select(leaf =>
                (
                    leaf.Region,
                    leaf.Value,
                    Measures: leaf.Region.Select((levels, variable) => Measure(levels, weights[variable])).ToArray()
                )
            )
            .ToList();
        double Volume(double[] measures) => measures.Aggregate(1.0, (product, measure) => product * measure);
        double mean = leaves.Sum(leaf => leaf.Value * Volume(leaf.Measures)),
            variance = leaves.Sum(leaf => (leaf.Value - mean) * (leaf.Value - mean) * Volume(leaf.Measures));
        if (variance <= 1e-15 * mean * mean)
        {
            return null;
        }

        var fractions = new double[weights.Length];
        for (int variable = 0; variable < weights.Length; variable++)
        {
            var marginal = new double[weights[variable].Length];
            foreach (var (region, value, measures) in leaves)
            {
                double others = measures.Where((_, other) => other != variable).Aggregate(1.0, (product, one) => product * one);
                for (int level = 0; level < marginal.Length; level++)
                {
                    marginal[level] += region[variable][level] ? value * others : 0;
                }
            }

            double alone =
                marginal.Select((value, level) => weights[variable][level] * (value - mean) * (value - mean)).Sum() / variance;
            fractions[variable] = Math.Min(1, alone);
        }

        return fractions;
    }

    private static double Measure(bool[] levels, double[] weights) =>
        levels.Select((has, level) => has ? weights[level] : 0).Sum();

    private static double R2(IReadOnlyList<double> values, double[] sums, int[] votes)
    {
        int[] seen = [.. Enumerable.Range(0, values.Count).Where(i => votes[i] > 0)];
        double mean = values.Average(),
            all = seen.Sum(i => (values[i] - mean) * (values[i] - mean)),
            left = seen.Sum(i => (values[i] - (sums[i] / votes[i])) * (values[i] - (sums[i] / votes[i])));
        return all == 0 ? 0 : 1 - (left / all);
    }
}
