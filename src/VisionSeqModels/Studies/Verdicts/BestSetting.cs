using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>Which setting is best, and whether that is more than chance.</summary>
/// <remarks>The best is picked after looking, so each pair of settings counts as a comparison: Holm's correction is over all
/// of them. A plan that has comparisons of its own (base against each value, effects) is asked there first: a p-value here is
/// never below the least of those, so that a study in which nothing differs claims anything at all in at most 5 % of
/// cases.</remarks>
internal static class BestSetting
{
    /// <param name="summary">The study.</param>
    /// <param name="least">The least corrected p-value of the plan's own comparisons; 0 where it has none.</param>
    public static string Sentence(StudySummary summary, double least)
    {
        List<SettingSummary> ranked = [.. summary.Ranked.Where(setting => setting.HasEnded)];
        string metric = DisplayText.Of(summary.File.Monitor);
        if (ranked.Count == 0)
        {
            return summary.Trials.Any(SettingSummary.IsUndefined)
                ? $"No trial has ended with a {metric} that is defined."
                : "No trial has ended well.";
        }

        var best = ranked[0];
        string of =
            best.EndedCount == best.Trials.Count
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $" (over {best.EndedCount} of its {best.Trials.Count} trials)");
        string head = $"The best final {metric} is that of “{best.Name}”: {best.Final.Text()}{of}.";
        return ranked.Count == 1 ? head : $"{head} {Against(summary, ranked, least)}";
    }

    /// <summary>For each setting but the best whether it is shown to be worse than that: the corrected p-value, null where there
    /// are fewer than two pairs.</summary>
    public static IReadOnlyDictionary<SettingSummary, double?> PValues(
        StudySummary summary,
        IReadOnlyList<SettingSummary> ranked,
        double least
    )
    {
        var pairs = (
            from i in Enumerable.Range(0, ranked.Count)
            from k in Enumerable.Range(i + 1, ranked.Count - i - 1)
            let sample = MatchedTrials.Of(ranked[i], ranked[k], summary.File).Sample
            where sample.Count > 1
            select (First: i, Second: ranked[k], Sample: sample)
        ).ToList();
        double[] corrected = Holm.Adjust([.. pairs.Select(pair => pair.Sample.P!.Value)]);
        double sign = summary.File.HigherIsBetter ? -1 : 1;
        var found = new Dictionary<SettingSummary, double?>();
        foreach (var setting in ranked.Skip(1))
        {
            int at = pairs.FindIndex(pair => pair.First == 0 && pair.Second == setting);
            found[setting] =
                at < 0 ? null
                : pairs[at].Sample.Mean * sign < 0 ? 1 // over the pairs alone it is not the worse one
                : Math.Max(corrected[at], least);
        }

        return found;
    }

    private static string Against(StudySummary summary, List<SettingSummary> ranked, double least)
    {
        var (best, next) = (ranked[0], ranked[1]);
        var values = PValues(summary, ranked, least);
        if (values.Values.All(p => p is null))
        {
            return summary.HasRepeats
                ? "Too few pairs of trials have a result to say anything about chance."
                : "One seed says nothing about chance.";
        }

        int pairs = ranked.Count * (ranked.Count - 1) / 2;
        string method = pairs == 1 ? "" : $", corrected for picking the best: {pairs:n0} pairs of settings";
        var open = ranked.Skip(1).Where(setting => values[setting] is not double p || p >= MetricFormat.Level).ToList();
        if (open.Count == 0)
        {
            string others = ranked.Count == 2 ? $"“{next.Name}” ({next.Final.Text()})" : "every other setting";
            return Invariant($"It is better than {others} (p = {MetricFormat.P(values.Values.Max()!.Value)}{method}).");
        }

        if (open.Count < ranked.Count - 1)
        {
            return $"{DisplayText.Count(ranked.Count - 1 - open.Count, "setting")} "
                + $"{(ranked.Count - 1 - open.Count == 1 ? "is" : "are")} shown to be worse. Undecided against it: "
                + $"{DisplayText.Names([.. open.Select(setting => $"“{setting.Name}”")])}{method}.";
        }

        var against = MatchedTrials.Of(next, best, summary.File);
        string difference = MetricFormat.Difference(against.Sample.Mean, MetricFormat.Of(best.Final.Mean ?? 0));
        string p = values[next] is double value ? $", p = {MetricFormat.P(value)}{method}" : "";
        return Invariant($"Whether it is the best is undecided: against the next, “{next.Name}”, it has {difference}{p}.");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
