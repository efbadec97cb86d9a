namespace VisionSeqModels.Studies;

/// <summary>Student's t distribution.</summary>
internal static class StudentT
{
    /// <summary>The fraction beyond ±t.</summary>
    public static double TwoSided(double t, int degrees) =>
        SpecialFunctions.RegularizedBeta(degrees / (degrees + (t * t)), degrees / 2.0, 0.5);

    /// <summary>The fraction above t.</summary>
    public static double Above(double t, int degrees) => t > 0 ? 0.5 * TwoSided(t, degrees) : 1 - (0.5 * TwoSided(t, degrees));

    /// <summary>The t that a fraction lies above.</summary>
    /// <param name="fraction">Above 0, at most one half.</param>
    /// <param name="degrees">The degrees of freedom, at least 1.</param>
    public static double Quantile(double fraction, int degrees)
    {
        double low = 0,
            high = 1;
        while (Above(high, degrees) > fraction)
        {
            high *= 2;
        }

        while (high - low > 1e-13 * high)
        {
            double middle = 0.5 * (low + high);
            (low, high) = Above(middle, degrees) > fraction ? (middle, high) : (low, middle);
        }

        return 0.5 * (low + high);
    }
}
