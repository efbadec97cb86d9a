using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>Which setting is best, and whether that is more than chance.</summary>
/// <remarks>The best is picked after looking, so each pair of settings counts as a comparison: Holm's correction is over all
/// of them. A plan that has comparisons of its own (base against each value, effects) is asked there first: a p-value here is
/// never below the least of those, so that a study in which nothing differs claims anything at all in at most 5 % of
/// cases.</remarks>
internal sealed class BestSetting
{
    private readonly StudySummary _summary;
    private readonly List<SettingSummary> _ranked;
    private readonly Dictionary<SettingSummary, double?> _p;

    /// <param name="summary">The study.</param>
    /// <param name="least">The least corrected p-value of the plan's own comparisons; 0 where it has none.</param>
    public BestSetting(StudySummary summary, double least)
    {
        _summary = summary;
        _ranked = [.. summary.Ranked.Where(setting => setting.HasEnded)];
        _p = summary.HasRepeats ? PValues(summary, _ranked, least) : [];
        Beaten = [.. _ranked.Skip(1).Where(setting => _p.GetValueOrDefault(setting) < MetricFormat.Level)];
    }

    /// <summary>The settings that are shown to be worse.</summary>
    public IReadOnlyList<SettingSummary> Beaten { get; }

    public string Sentence
    {
        get
        {
            string metric = DisplayText.Of(_summary.File.Monitor);
            if (_ranked.Count == 0)
            {
                return _summary.Trials.Any(SettingSummary.IsUndefined)
                    ? $"No trial has ended with a {metric} that is defined."
                    : "No trial has ended well.";
            }

            var best = _ranked[0];
            string of =
                best.EndedCount == best.Trials.Count
                    ? ""
                    : Invariant($" (over {best.EndedCount} of its {best.Trials.Count} trials)");
            string head = $"The best final {metric} is that of “{best.Name}”: {best.Final.Text()}{of}.";
            return _ranked.Count == 1 ? head : $"{head} {Against()}";
        }
    }

    /// <summary>For each setting but the best whether it is shown to be worse than that: the corrected p-value, null where there
    /// are fewer than two pairs.</summary>
    private static Dictionary<SettingSummary, double?> PValues(StudySummary summary, List<SettingSummary> ranked, double least)
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

    private string Against()
    {
        var (best, next) = (_ranked[0], _ranked[1]);
        if (_p.Values.All(p => p is null))
        {
            return _summary.HasRepeats
                ? "Too few pairs of trials have a result to say anything about chance."
                : "One seed says nothing about chance.";
        }

        int pairs = _ranked.Count * (_ranked.Count - 1) / 2;
        string method = pairs == 1 ? "" : Invariant($", corrected for picking the best: {pairs:n0} pairs of settings");
        if (Beaten.Count == _ranked.Count - 1)
        {
            string others = _ranked.Count == 2 ? $"“{next.Name}” ({next.Final.Text()})" : "every other setting";
            return $"It is better than {others} (p = {MetricFormat.P(_p.Values.Max()!.Value)}{method}).";
        }

        if (Beaten.Count > 0)
        {
            string[] open = [.. _ranked.Skip(1).Except(Beaten).Select(setting => $"“{setting.Name}”")];
            return $"{DisplayText.Count(Beaten.Count, "setting")} {(Beaten.Count == 1 ? "is" : "are")} shown to be worse. "
                + $"Undecided against it: {DisplayText.Names(open, "setting")}{method}.";
        }

        var against = MatchedTrials.Of(next, best, _summary.File);
        string difference = MetricFormat.Difference(against.Sample.Mean, MetricFormat.Of(best.Final.Mean ?? 0));
        string p = _p[next] is double value ? $", p = {MetricFormat.P(value)}{method}" : "";
        return $"Whether it is the best is undecided: against the next, “{next.Name}”, it has {difference}{p}.";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
