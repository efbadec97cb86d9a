namespace VisionSeqModels.Studies;

/// <summary>The functions that distributions are made of, to about fourteen digits.</summary>
internal static class SpecialFunctions
{
    /// <summary>The regularized incomplete beta function, by its continued fraction (Lentz's method).</summary>
    /// <param name="x">Where, in 0 to 1.</param>
    /// <param name="a">The first parameter, above 0.</param>
    /// <param name="b">The second, above 0.</param>
    public static double RegularizedBeta(double x, double a, double b)
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

    /// <summary>The logarithm of the gamma function for numbers above 0: Stirling's series after moving up.</summary>
    public static double LogGamma(double x)
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

    /// <summary>The normal distribution function, by its series. Source: Marsaglia: Evaluating the Normal Distribution
    /// (2004).</summary>
    public static double Normal(double x)
    {
        if (Math.Abs(x) > 8)
        {
            return x > 0 ? 1 : 0;
        }

        double sum = x,
            term = x;
        for (int i = 3; Math.Abs(sum + term) > Math.Abs(sum); i += 2)
        {
            term *= x * x / i;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp((-0.5 * x * x) - (0.5 * Math.Log(2 * Math.PI))));
    }

    /// <summary>The continued fraction; no denominator of it comes near 0 for an x up to (a + 1) / (a + b + 2).</summary>
    private static double Fraction(double x, double a, double b)
    {
        double c = 1,
            d = 1 / (1 - ((a + b) * x / (a + 1))),
            result = d;
        for (int m = 1; m < 500; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / (1 + (even * d));
            c = 1 + (even / c);
            result *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / (1 + (odd * d));
            c = 1 + (odd / c);
            result *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-15)
            {
                break;
            }
        }

        return result;
    }
}
