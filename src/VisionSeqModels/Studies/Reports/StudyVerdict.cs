using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>The result of a study, in sentences.</summary>
internal sealed class StudyVerdict(StudySummary summary)
{
    private const int LongestReason = 2000;
    private const int MostNames = 4;

    /// <summary>What stands above <see cref="Changed"/>.</summary>
    public const string ChangedNote =
        "These trials were run with options that the study's program had changed when it ran last. What is compared may be "
        + "their doing.";

    /// <summary>Which setting is best, and whether that is more than chance.</summary>
    public string Answer
    {
        get
        {
            var ranked = summary.Ranked.Where(setting => setting.Final.Mean is not null).ToList();
            if (ranked.Count == 0)
            {
                return summary.Trials.Any(SettingSummary.IsUndefined)
                    ? $"No trial has ended with a {DisplayText.Of(summary.File.Monitor)} that is defined."
                    : "No trial has ended well.";
            }

            string metric = DisplayText.Of(summary.File.Monitor);
            var best = ranked[0];
            string of =
                best.EndedCount == best.Trials.Count
                    ? ""
                    : string.Create(CultureInfo.InvariantCulture, $" (over {best.EndedCount} of its {best.Trials.Count} trials)");
            string head = $"The best final {metric} is that of “{best.Name}”: {best.Final.Text()}{of}.";
            return ranked.Count == 1
                ? head
                : $"{head} Against the next, “{ranked[1].Name}” ({ranked[1].Final.Text()}): {best.Compare(ranked[1], Noise)}.";
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
                + $"{(summary.FoldCount == 0 ? "" : $"{DisplayText.Count(summary.FoldCount, "fold")}, ")}"
                + $"{DisplayText.Count(summary.Trials.Count, "trial")}: {outcomes}. Varied: {varied}.";
        }
    }

    /// <summary>How the table is to be read.</summary>
    public string Legend(string mark)
    {
        string corrected =
            summary.FoldCount == 0 ? "" : ", corrected for the training samples that folds share (Nadeau and Bengio 2003)";
        string deviation = summary.HasRepeats
            ? $" ± is the standard deviation over the {summary.Repeats} (of the sample, n − 1); p is that of a paired t "
                + $"test over them{corrected}."
            : "";
        return $"{(summary.IsRanked ? "The best first. " : "")}{mark} is the best value of its column among the "
            + $"settings with a trial that ended well.{deviation} Where some trials of a setting ended well, its "
            + $"numbers are theirs alone.{LeftOut}";
    }

    /// <summary>The trials whose options are others now, by what differs.</summary>
    public IReadOnlyList<(string Trials, string Changes)> Changed =>
        [
            .. summary
                .Trials.Where(trial => trial.Changes.Count > 0)
                .GroupBy(trial => string.Join("; ", trial.Changes))
                .Select(group => (Names([.. group.Select(summary.NameOf)]), group.Key)),
        ];

    private string Noise =>
        summary.FoldCount > 0 && summary.SeedCount > 1 ? "the seeds' and folds'"
        : summary.FoldCount > 0 ? "the folds'"
        : "the seeds'";

    /// <summary>Which trials the paired tests cannot use.</summary>
    private string LeftOut
    {
        get
        {
            var without = summary.Trials.Where(trial => trial.Score is null).ToList();
            return without.Count == 0 || !summary.HasRepeats
                ? ""
                : $" Paired tests leave out what has no final {DisplayText.Of(summary.File.Monitor)}, and its partner: "
                    + $"{Names([.. without.Select(trial => $"{summary.NameOf(trial)} ({SettingSummary.OutcomeOf(trial)})")])}.";
        }
    }

    /// <summary>The trials that did not run to the end, or whose metric is undefined, by the reason.</summary>
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
