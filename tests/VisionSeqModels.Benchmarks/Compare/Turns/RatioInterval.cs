namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>A ratio of two medians, and where it lies with 95 % confidence.</summary>
/// <remarks>The bootstrap draws rounds with replacement, the same for both, since they ran in turn: what slowed a whole round
/// down cancels. The interval is that of percentiles.</remarks>
internal sealed record RatioInterval(double Ratio, double Low, double High)
{
    private const int Resamples = 4000;

    /// <summary>The ratio of times, where both have as many.</summary>
    public static RatioInterval Of(IReadOnlyList<double> times, IReadOnlyList<double> others)
    {
        ArgumentOutOfRangeException.ThrowIfZero(times.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(times.Count, others.Count);
        var random = new Random(1);
        double[] ratios = new double[Resamples];
        int[] rows = new int[times.Count];
        for (int i = 0; i < Resamples; i++)
        {
            for (int row = 0; row < rows.Length; row++)
            {
                rows[row] = random.Next(rows.Length);
            }

            ratios[i] = Median(rows.Select(row => times[row])) / Median(rows.Select(row => others[row]));
        }

        Array.Sort(ratios);
        return new(Median(times) / Median(others), ratios[(int)(0.025 * Resamples)], ratios[(int)(0.975 * Resamples)]);
    }

    /// <summary>The middle value, or the mean of the middle two.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>For a table: <c>0.412 (0.405 to 0.420)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Ratio:f3} ({Low:f3} to {High:f3})");
}
