namespace VisionSeqModels.Studies;

/// <summary>Student's t test for pairs: whether the mean difference of two settings over the same seeds and folds is more than
/// their own noise.</summary>
internal static class PairedTest
{
    /// <summary>The two-sided p-value, or null for fewer than two pairs.</summary>
    /// <param name="first">One setting's values.</param>
    /// <param name="second">The other's, in the same order.</param>
    /// <param name="heldOutRatio">For folds the number of held-out samples for each training sample; else 0. Folds share
    /// training samples, so their differences are less independent than those of seeds. Source of the correction: Nadeau,
    /// Bengio: Inference for the Generalization Error (2003).</param>
    public static double? PValue(IReadOnlyList<double> first, IReadOnlyList<double> second, double heldOutRatio = 0)
    {
        int pairs = first.Count;
        if (pairs != second.Count || pairs < 2)
        {
            return null;
        }

        double[] differences = [.. first.Zip(second, (a, b) => a - b)];
        double mean = differences.Average();
        double variance = differences.Sum(value => (value - mean) * (value - mean)) / (pairs - 1);
        if (variance == 0)
        {
            return mean == 0 ? 1 : 0;
        }

        double t = mean / Math.Sqrt(variance * ((1.0 / pairs) + heldOutRatio));
        return TwoSided(t, pairs - 1);
    }

    /// <summary>The fraction of Student's distribution beyond ±t.</summary>
    internal static double TwoSided(double t, int degrees) => RegularizedBeta(degrees / (degrees + (t * t)), degrees / 2.0, 0.5);

    /// <summary>The regularized incomplete beta function, by its continued fraction (Lentz's method).</summary>
    private static double RegularizedBeta(double x, double a, double b)
    {
        if (x <= 0 || x >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        if (x > (a + 1) / (a + b + 2))
        {
            return 1 - RegularizedBeta(1 - x, b, a); // where the fraction converges quickly
        }

        double front = Math.Exp((a * Math.Log(x)) + (b * Math.Log(1 - x)) + LogGamma(a + b) - LogGamma(a) - LogGamma(b)) / a;
        return front * Fraction(x, a, b);
    }

    private static double Fraction(double x, double a, double b)
    {
        const double tiny = 1e-300;
        double c = 1,
            d = 1 / Guard(1 - ((a + b) * x / (a + 1))),
            result = d;
        for (int m = 1; m < 500; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Guard(1 + (even * d));
            c = Guard(1 + (even / c));
            result *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Guard(1 + (odd * d));
            c = Guard(1 + (odd / c));
            result *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-15)
            {
                break;
            }
        }

        return result;

        static double Guard(double value) => Math.Abs(value) < tiny ? tiny : value;
    }

    /// <summary>The logarithm of the gamma function for numbers above 0: Stirling's series after moving up.</summary>
    private static double LogGamma(double x)
    {
        double shift = 0;
        for (; x < 15; x++)
        {
            shift -= Math.Log(x);
        }

        double inverse = 1 / x,
            square = inverse * inverse;
        return shift
            + ((x - 0.5) * Math.Log(x))
            - x
            + (0.5 * Math.Log(2 * Math.PI))
            + (inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square / 1680)))))));
    }
}
