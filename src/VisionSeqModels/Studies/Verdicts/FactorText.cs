using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>A comparison with the base as text.</summary>
internal static class FactorText
{
    public static string Sentence(FactorVerdict factor) =>
        $"{Subject(factor)}: {Name(factor)}. {Numbers(factor)}{LeftOut(factor.LeftOut)}";

    public static string Summary(FactorVerdict factor)
    {
        var pairs = factor.Judged;
        string p = ComparisonText.P(factor.Verdict == Verdict.Equivalent ? pairs.EquivalenceP : pairs.P),
            some = pairs.Sample.Count == pairs.AllPairs ? "" : $" ({ComparisonText.Count(pairs)})";
        return $"{Name(factor)}{(p.Length == 0 ? "" : $", {p}")}{some}";
    }

    public static string LeftOut(IReadOnlyList<string> names) =>
        names.Count == 0 ? "" : $" Left out with {(names.Count == 1 ? "its pair" : "their pairs")}: {DisplayText.Names(names)}.";

    private static string Subject(FactorVerdict factor)
    {
        string over = factor.AveragedOver.Count == 0 ? "" : $", averaged over {string.Join(" and ", factor.AveragedOver)}";
        return factor.IsSetting
            ? $"“{factor.Value}” against “{factor.BaseValue}”"
            : $"{factor.Factor} {factor.Value} against {factor.BaseValue}{over}";
    }

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
        string metric = DisplayText.Of(factor.Metric);
        if (factor is not { Mean: double mean, BaseMean: double atBase, Difference: double difference })
        {
            return $"No pair of trials has a final {metric}.";
        }

        string format = MetricFormat.Of(Math.Max(Math.Abs(mean), Math.Abs(atBase))),
            values =
                $"Final {metric} {MetricFormat.Value(mean, format)} against {MetricFormat.Value(atBase, format)}: "
                + MetricFormat.Difference(difference, format);
        return ComparisonText.Numbers(factor.Judged, values, format);
    }
}
