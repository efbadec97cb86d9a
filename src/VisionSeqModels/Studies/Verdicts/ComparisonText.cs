using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>What all comparisons say alike: interval, pairs, p-value, outlook.</summary>
internal static class ComparisonText
{
    /// <summary>From the values that are compared to the end: whether that is more than chance.</summary>
    /// <param name="pairs">The comparison, at least one pair.</param>
    /// <param name="values">The values, as text.</param>
    /// <param name="format">How numbers are written.</param>
    public static string Numbers(JudgedPairs pairs, string values, string format)
    {
        if (pairs.Sample.Count == 1)
        {
            return pairs.AllPairs == 1
                ? $"{values}. One {pairs.PairOf} says nothing about chance."
                : $"{values}. Only {Count(pairs)} has a result, which says nothing about chance.";
        }

        string corrected = pairs.Comparisons == 1 ? "" : $", corrected for {pairs.Comparisons} comparisons",
            p = !pairs.IsDifferent && pairs.IsEquivalent
                ? $"{P(pairs.EquivalenceP)} of a larger one{corrected}"
                : $"{P(pairs.P)}{corrected}";
        return $"{values} ({Interval(pairs, format)}, {Count(pairs)}), {p}.{Outlook(pairs)}";
    }

    public static string P(double? p) => p is double value ? $"p = {MetricFormat.P(value)}" : "";

    /// <summary>How many pairs have a result: “3 seeds”, “2 of 3 pairs”.</summary>
    public static string Count(JudgedPairs pairs) =>
        pairs.Sample.Count == pairs.AllPairs
            ? DisplayText.Count(pairs.AllPairs, pairs.PairOf.Contains(' ') ? "pair" : pairs.PairOf)
                + (pairs.PairOf.Contains(' ') ? $" of {pairs.PairOf}" : "")
            : string.Create(CultureInfo.InvariantCulture, $"{pairs.Sample.Count} of {pairs.AllPairs} pairs");

    /// <summary>The 95 % interval, or that there is no spread.</summary>
    public static string Interval(JudgedPairs pairs, string format) =>
        pairs.Sample.Interval is (double low, double high)
            ? $"95 % interval {MetricFormat.Difference(low, format)} to {MetricFormat.Difference(high, format)}"
            : "the same difference in all pairs";

    /// <summary>What follows from the numbers besides the verdict.</summary>
    private static string Outlook(JudgedPairs pairs) =>
        pairs switch
        {
            { IsDifferent: true, IsEquivalent: true } => $" The difference is smaller than {MetricFormat.Margin(pairs.Margin)}.",
            { IsDifferent: true } or { IsEquivalent: true } => "",
            { SeedsToDecide: int seeds } => string.Create(
                CultureInfo.InvariantCulture,
                $" About {seeds:n0} {(pairs.PairOf == "seed" ? "seeds" : "repetitions of the folds")} would decide."
            ),
            _ => string.Create(CultureInfo.InvariantCulture, $" Not even {DecisionPower.MostPairs:n0} such pairs would decide."),
        };
}
