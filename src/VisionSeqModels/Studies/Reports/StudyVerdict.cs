using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>The result of a study, in sentences.</summary>
internal sealed class StudyVerdict(StudySummary summary)
{
    private const int LongestReason = 2000;
    private const int MostNames = 4;

    /// <summary>Which setting is best, and whether that is more than chance.</summary>
    public string Answer
    {
        get
        {
            var ranked = summary.Ranked.Where(setting => setting.Final.Mean is not null).ToList();
            if (ranked.Count == 0)
            {
                return "No trial has ended well.";
            }

            string metric = DisplayText.Of(summary.File.Monitor);
            string head = $"The best final {metric} is that of “{ranked[0].Name}”: {ranked[0].Final.Text()}.";
            return ranked.Count == 1
                ? head
                : $"{head} Against the next, “{ranked[1].Name}” ({ranked[1].Final.Text()}): {ranked[0].Compare(ranked[1])}.";
        }
    }

    /// <summary>How many trials there were, and how they ended.</summary>
    public string Size
    {
        get
        {
            string outcomes = string.Join(
                ", ",
                summary
                    .Trials.GroupBy(SettingSummary.OutcomeOf)
                    .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key}"))
            );
            string varied = summary.Varied.Count == 0 ? "nothing" : string.Join(", ", summary.Varied);
            return $"{DisplayText.Count(summary.Settings.Count, "setting")}, "
                + $"{DisplayText.Count(summary.SeedCount, "seed")}, "
                + $"{DisplayText.Count(summary.Trials.Count, "trial")}: {outcomes}. Varied: {varied}.";
        }
    }

    /// <summary>How the table is to be read.</summary>
    public string Legend(string mark)
    {
        string deviation =
            summary.SeedCount > 1 ? " ± is the standard deviation over the seeds; p is that of a paired t test over them." : "";
        return $"{(summary.IsRanked ? "The best first. " : "")}{mark} is the best value of its column among the "
            + $"settings with a trial that ended well.{deviation} Where some trials of a setting ended well, its "
            + "numbers are theirs alone.";
    }

    /// <summary>The trials that did not run to the end, by the reason.</summary>
    public IReadOnlyList<(string Trials, string Reason)> Ends =>
        [
            .. summary
                .Trials.Where(trial =>
                    trial.Outcome is not (StopReason.Completed or StopReason.Running) || trial.Reason is not null
                )
                .GroupBy(Reason)
                .Select(group => (Names([.. group.Select(summary.NameOf)]), group.Key)),
        ];

    private static string Names(IReadOnlyList<string> names) =>
        names.Count <= MostNames
            ? string.Join("; ", names)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{names.Count:n0} trials: {string.Join("; ", names.Take(MostNames))} and {names.Count - MostNames:n0} more"
            );

    private static string Reason(TrialResult trial)
    {
        string reason = trial.Reason is null
            ? SettingSummary.OutcomeOf(trial)
            : $"{SettingSummary.OutcomeOf(trial)}: {trial.Reason}";
        return reason.Length <= LongestReason
            ? reason
            : $"{reason[..LongestReason]}… (the rest is in {trial.Folder}/run.json or study.json)";
    }
}
