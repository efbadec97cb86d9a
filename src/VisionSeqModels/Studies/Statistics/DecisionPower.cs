namespace VisionSeqModels.Studies;

/// <summary>How likely a comparison with so many pairs is to be decided, either way: a difference, or equivalence.</summary>
/// <remarks>Given the deviation that a sample shows, its mean is normal: it decides for a difference where it lies far enough
/// from 0, and for equivalence where it lies far enough within the margin. The deviation's own distribution is integrated
/// over.</remarks>
internal static class DecisionPower
{
    /// <summary>Up to how many pairs are looked at.</summary>
    public const int MostPairs = 1000;

    /// <summary>How likely a decision is to be when there are enough pairs.</summary>
    public const double Enough = 0.8;

    private const int Points = 2000;

    /// <summary>The least number of pairs, above those that there are, with which four of five such studies decide, if mean
    /// and deviation are as seen; null for more than <see cref="MostPairs"/>.</summary>
    /// <param name="sample">What was seen, at least two pairs.</param>
    /// <param name="margin">The margin of equivalence.</param>
    /// <param name="level">The level of each test, corrected for the number of tests.</param>
    /// <param name="step">How many pairs one more seed brings.</param>
    public static int? Pairs(PairedSample sample, double margin, double level, int step = 1)
    {
        bool Decides(int pairs) => Of(sample, margin, level, pairs) >= Enough;
        int low = sample.Count / step,
            high = low + 1,
            most = MostPairs / step;
        for (int stride = 1; high <= most && !Decides(high * step); stride *= 2)
        {
            (low, high) = (high, Math.Min(high + stride, Math.Max(high + 1, most)));
        }

        if (high > most)
        {
            return null;
        }

        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = Decides(middle * step) ? (low, middle) : (middle, high);
        }

        return high * step;
    }

    /// <summary>How likely so many pairs are to decide.</summary>
    public static double Of(PairedSample sample, double margin, double level, int pairs)
    {
        if (!sample.HasSpread)
        {
            bool decides =
                (sample.Mean != 0 && Math.Pow(2, 1 - pairs) < level)
                || (Math.Abs(sample.Mean) < margin && Math.Pow(2, -pairs) < level);
            return decides ? 1 : 0;
        }

        int degrees = pairs - 1;
        double error = sample.Deviation * Math.Sqrt((1.0 / pairs) + sample.HeldOutRatio),
            toDiffer = StudentT.Quantile(level / 2, degrees) * error,
            toEqual = StudentT.Quantile(level, degrees) * error;
        double Between(double low, double high) =>
            high <= low
                ? 0
                : SpecialFunctions.Normal((high - sample.Mean) / error) - SpecialFunctions.Normal((low - sample.Mean) / error);

        // Simpson's rule over the root of a sample's deviation, relative to the true one: more points where few pairs decide.
        // Its ends add nothing: the first is 0, and the last is eight deviations away.
        double last = Math.Sqrt(1 + (8 / Math.Sqrt(2 * degrees))),
            sum = 0;
        for (int i = 1; i < Points; i++)
        {
            double root = last * i / Points,
                seen = root * root,
                differs = toDiffer * seen,
                equals = margin - (toEqual * seen),
                undecided = equals >= differs ? 0 : Between(-differs, differs) - Between(-equals, equals);
            int weight = i % 2 == 1 ? 4 : 2;
            sum += weight * 2 * root * Density(seen, degrees) * (1 - undecided);
        }

        return sum * last / (3 * Points);
    }

    /// <summary>The density of a sample's deviation, relative to the true one.</summary>
    private static double Density(double seen, int degrees) =>
        Math.Exp(
            Math.Log(2)
                + (0.5 * degrees * Math.Log(0.5 * degrees))
                - SpecialFunctions.LogGamma(0.5 * degrees)
                + ((degrees - 1) * Math.Log(seen))
                - (0.5 * degrees * seen * seen)
        );
}
