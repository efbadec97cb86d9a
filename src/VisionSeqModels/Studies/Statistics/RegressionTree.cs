namespace VisionSeqModels.Studies;

/// <summary>A table of samples for a regression tree: each variable has a few distinct values, called levels.</summary>
/// <param name="Levels">For each variable the level of each sample, [variable][sample].</param>
/// <param name="LevelCounts">How many levels each variable has.</param>
/// <param name="IsOrdered">Whether the levels of a variable have an order, as numbers have.</param>
/// <param name="Values">The value of each sample.</param>
internal sealed record TreeSamples(
    IReadOnlyList<int[]> Levels,
    IReadOnlyList<int> LevelCounts,
    IReadOnlyList<bool> IsOrdered,
    IReadOnlyList<double> Values
);

/// <summary>A regression tree as its leaves: where each is, and what it predicts.</summary>
/// <remarks>Source: Breiman, Friedman, Olshen, Stone: Classification and Regression Trees (1984). The levels of a variable
/// without order are sorted by the mean value of their samples, which finds the best division in two.</remarks>
internal sealed class RegressionTree
{
    private const int LeastInLeaf = 2;
    private readonly TreeSamples _samples;
    private readonly Random _random;
    private readonly List<Leaf> _leaves = [];

    /// <param name="samples">All samples.</param>
    /// <param name="chosen">Which of them to fit, some more than once.</param>
    /// <param name="random">Draws the variables that each division may look at.</param>
    public RegressionTree(TreeSamples samples, List<int> chosen, Random random)
    {
        (_samples, _random) = (samples, random);
        Grow(chosen, [.. samples.LevelCounts.Select(count => Enumerable.Repeat(true, count).ToArray())]);
    }

    /// <summary>The leaves, which divide the space among them.</summary>
    public IReadOnlyList<Leaf> Leaves => _leaves;

    public double Predict(int sample) => _leaves.First(leaf => Holds(leaf, sample)).Value;

    private bool Holds(Leaf leaf, int sample) =>
        leaf.Region.Index().All(variable => variable.Item[_samples.Levels[variable.Index][sample]]);

    private void Grow(List<int> chosen, bool[][] region)
    {
        if (BestDivision(chosen, region) is not (int variable, bool[] left))
        {
            _leaves.Add(new Leaf(region, chosen.Average(sample => _samples.Values[sample])));
            return;
        }

        bool[][] Part(bool side) =>
            [
                .. region.Select(
                    (levels, other) => other == variable ? [.. levels.Select((has, level) => has && left[level] == side)] : levels
                ),
            ];
        int[] levelOf = _samples.Levels[variable];
        Grow(chosen.FindAll(sample => left[levelOf[sample]]), Part(true));
        Grow(chosen.FindAll(sample => !left[levelOf[sample]]), Part(false));
    }

    /// <summary>The division of two thirds of the variables, drawn at random, that leaves the least squared error; null where
    /// none leaves less.</summary>
    private (int Variable, bool[] Left)? BestDivision(List<int> chosen, bool[][] region)
    {
        int count = region.Length;
        int[] variables = [.. Enumerable.Range(0, count)];
        _random.Shuffle(variables);
        double sum = chosen.Sum(sample => _samples.Values[sample]),
            best = sum * sum / chosen.Count;
        best += 1e-12 * (Math.Abs(best) + double.Epsilon);
        (int, bool[])? found = null;
        foreach (int variable in variables.Take(Math.Max(1, ((2 * count) + 2) / 3)))
        {
            var levels = chosen
                .GroupBy(sample => _samples.Levels[variable][sample])
                .Select(group => (Level: group.Key, Count: group.Count(), Sum: group.Sum(sample => _samples.Values[sample])))
                .OrderBy(level => _samples.IsOrdered[variable] ? level.Level : level.Sum / level.Count)
                .ThenBy(level => level.Level)
                .ToList();
            int leftCount = 0;
            double leftSum = 0;
            for (int i = 0; i < levels.Count - 1; i++)
            {
                (leftCount, leftSum) = (leftCount + levels[i].Count, leftSum + levels[i].Sum);
                int rightCount = chosen.Count - leftCount;
                double gain = (leftSum * leftSum / leftCount) + ((sum - leftSum) * (sum - leftSum) / rightCount);
                if (leftCount >= LeastInLeaf && rightCount >= LeastInLeaf && gain > best)
                {
                    best = gain;
                    found = (variable, Left(variable, levels.ConvertAll(level => level.Level), i));
                }
            }
        }

        return found;
    }

    /// <summary>Which levels go left: those up to the i-th; of those without samples, between ordered ones, the nearer
    /// half.</summary>
    private bool[] Left(int variable, List<int> levels, int last)
    {
        int border = (levels[last] + levels[last + 1]) / 2;
        return
        [
            .. Enumerable
                .Range(0, _samples.LevelCounts[variable])
                .Select(level =>
                    _samples.IsOrdered[variable] ? level <= border : levels.IndexOf(level) is int at && at >= 0 && at <= last
                ),
        ];
    }

    /// <summary>A leaf.</summary>
    /// <param name="Region">For each variable which levels it holds.</param>
    /// <param name="Value">What it predicts.</param>
    internal sealed record Leaf(bool[][] Region, double Value);
}
