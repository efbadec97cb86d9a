namespace VisionSeqModels.Drawing;

/// <summary>What charts have in common.</summary>
internal static class ChartStyle
{
    /// <summary>Whether smaller values of a metric are better, as far as its name says.</summary>
    public static bool IsLowerBetter(string metric) =>
        metric.Contains("loss", StringComparison.Ordinal) || metric.Contains("error", StringComparison.Ordinal);
}
