using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>A comparison with the base as text.</summary>
internal static class FactorText
{
    public static string Sentence(FactorVerdict factor) =>
        $"{Subject(factor)}: {Name(factor)}. {Numbers(factor)}{LeftOut(factor)}";

    public static string Summary(FactorVerdict factor)
    {
        string p = factor.Verdict == Verdict.Equivalent ? P(factor.CorrectedEquivalenceP) : P(factor.CorrectedP);
        return $"{Name(factor)}{(p.Length == 0 ? "" : $", {p}")}{Some(factor)}";
    }

    private static string Subject(FactorVerdict factor) =>
        factor.IsSetting
            ? $"“{factor.Value}” against “{factor.BaseValue}”"
            : $"{factor.Factor} {factor.Value} against {factor.BaseValue}";

    private static string Name(FactorVerdict factor) =>
        factor.Verdict switch
        {
            Verdict.Better => "better",
            Verdict.Worse => "worse",
            Verdict.Equivalent => $"no difference larger than {MetricFormat.Margin(factor.Margin)}",
            _ => "undecided",
        };

    private static string Numbers(FactorVerdict factor)
    {
        if (factor is not { Mean: double mean, BaseMean: double atBase, Difference: double difference })
        {
            return $"No pair of trials has a final {DisplayText.Of(factor.Metric)}.";
        }

        string format = MetricFormat.Of(Math.Max(Math.Abs(mean), Math.Abs(atBase)));
        string values =
            $"Final {DisplayText.Of(factor.Metric)} {MetricFormat.Value(mean, format)} against "
            + $"{MetricFormat.Value(atBase, format)}: {MetricFormat.Difference(difference, format)}";
        if (factor.Pairs == 1)
        {
            return factor.AllPairs == 1
                ? $"{values}. One {factor.PairOf} says nothing about chance."
                : $"{values}. Only {PairsText(factor)} has a result, which says nothing about chance.";
        }

        string interval = factor.Interval is (double low, double high)
            ? $"95 % interval {MetricFormat.Difference(low, format)} to {MetricFormat.Difference(high, format)}, "
            : "the same difference in all pairs, ";
        return $"{values} ({interval}{PairsText(factor)}), {Tests(factor)}.{Outlook(factor)}";
    }

    private static string Tests(FactorVerdict factor)
    {
        string corrected = factor.Comparisons == 1 ? "" : $", corrected for {factor.Comparisons} comparisons";
        return factor.Verdict == Verdict.Equivalent
            ? $"{P(factor.CorrectedEquivalenceP)} of a larger one{corrected}"
            : $"{P(factor.CorrectedP)}{corrected}";
    }

    /// <summary>What follows from the numbers besides the verdict.</summary>
    private static string Outlook(FactorVerdict factor) =>
        factor.Verdict switch
        {
            Verdict.Better or Verdict.Worse when factor.CorrectedEquivalenceP < MetricFormat.Level =>
                $" The difference is smaller than {MetricFormat.Margin(factor.Margin)}.",
            Verdict.Undecided when factor.SeedsToDecide is int seeds => string.Create(
                CultureInfo.InvariantCulture,
                $" About {seeds:n0} {(factor.PairOf == "seed" ? "seeds" : "repetitions of the folds")} would decide."
            ),
            Verdict.Undecided => string.Create(
                CultureInfo.InvariantCulture,
                $" Not even {DecisionPower.MostPairs:n0} such pairs would decide."
            ),
            _ => "",
        };

    private static string PairsText(FactorVerdict factor) =>
        factor.Pairs == factor.AllPairs
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{factor.Pairs} {(factor.PairOf.Contains(' ') ? $"pairs of {factor.PairOf}" : $"{factor.PairOf}s")}"
            )
            : string.Create(CultureInfo.InvariantCulture, $"{factor.Pairs} of {factor.AllPairs} pairs");

    private static string Some(FactorVerdict factor) => factor.Pairs == factor.AllPairs ? "" : $" ({PairsText(factor)})";

    private static string P(double? p) => p is double value ? $"p = {MetricFormat.P(value)}" : "";

    private static string LeftOut(FactorVerdict factor) =>
        factor.LeftOut.Count == 0 ? "" : $" Left out with its pair: {DisplayText.Names(factor.LeftOut)}.";
}
