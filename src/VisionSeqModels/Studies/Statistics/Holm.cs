namespace VisionSeqModels.Studies;

/// <summary>Holm's correction of p-values for their number: whatever the truth, at most so many families of tests as the level
/// says have a false claim.</summary>
/// <remarks>Source: Holm: A Simple Sequentially Rejective Multiple Test Procedure (1979).</remarks>
internal static class Holm
{
    /// <summary>The corrected p-values, in the same order; each is compared with the level as it is.</summary>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        var adjusted = new double[p.Count];
        double largest = 0;
        foreach (var (rank, i) in Enumerable.Range(0, p.Count).OrderBy(i => p[i]).Index())
        {
            largest = Math.Max(largest, Math.Min(1, (p.Count - rank) * p[i]));
            adjusted[i] = largest;
        }

        return adjusted;
    }
}
