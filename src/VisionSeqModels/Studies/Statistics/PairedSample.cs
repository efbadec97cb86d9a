namespace VisionSeqModels.Studies;

/// <summary>Differences of two settings over the same seeds and folds: Student's t test for pairs, its interval, and the test
/// of equivalence.</summary>
/// <remarks>Where all differences are the same, there is no spread to judge by. Then a test by signs takes the place of t: as
/// likely as so many equal signs in a row are by chance.</remarks>
internal sealed class PairedSample
{
    private readonly double _error;

    /// <param name="differences">One for each pair.</param>
    /// <param name="heldOutRatio">For folds the number of held-out samples for each training sample; else 0. Folds have
    /// training samples in common, so their differences are less independent than those of seeds. Source of the correction:
    /// Nadeau, Bengio: Inference for the Generalization Error (2003).</param>
    public PairedSample(IReadOnlyList<double> differences, double heldOutRatio = 0)
    {
        Count = differences.Count;
        HeldOutRatio = heldOutRatio;
        Mean = Count == 0 ? 0 : differences.Average();
        Deviation = Count < 2 ? 0 : Math.Sqrt(differences.Sum(value => (value - Mean) * (value - Mean)) / (Count - 1));
        HasSpread = Deviation > 1e-12 * Math.Abs(Mean);
        _error = Deviation * Math.Sqrt((1.0 / Count) + heldOutRatio);
    }

    /// <summary>How many pairs.</summary>
    public int Count { get; }

    public double HeldOutRatio { get; }

    public double Mean { get; }

    /// <summary>The standard deviation of the sample (n − 1); 0 for fewer than two pairs.</summary>
    public double Deviation { get; }

    /// <summary>Whether the differences are not all the same, but for rounding.</summary>
    public bool HasSpread { get; }

    /// <summary>The two-sided p-value of “there is no difference”; null for fewer than two pairs.</summary>
    public double? P =>
        Count < 2 ? null
        : HasSpread ? StudentT.TwoSided(Mean / _error, Count - 1)
        : Mean == 0 ? 1
        : Math.Pow(2, 1 - Count);

    /// <summary>The 95 % interval of the difference; null for fewer than two pairs, or without spread.</summary>
    public (double Low, double High)? Interval
    {
        get
        {
            if (Count < 2 || !HasSpread)
            {
                return null;
            }

            double half = StudentT.Quantile(0.025, Count - 1) * _error;
            return (Mean - half, Mean + half);
        }
    }

    /// <summary>The p-value of “the difference is at least as large as a margin”: two one-sided tests; null for fewer than
    /// two pairs.</summary>
    /// <remarks>Source: Schuirmann: A Comparison of the Two One-Sided Tests Procedure … (1987).</remarks>
    public double? EquivalenceP(double margin) =>
        Count < 2 ? null
        : HasSpread
            ? Math.Max(StudentT.Above((Mean + margin) / _error, Count - 1), StudentT.Above((margin - Mean) / _error, Count - 1))
        : Math.Abs(Mean) < margin ? Math.Pow(2, -Count)
        : 1;
}
