using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>What is to be said around a study's tables, in sentences; what it found is in its
/// <see cref="StudyConclusion"/>.</summary>
internal sealed class StudyNotes(StudySummary summary)
{
    private const int LongestReason = 2000;

    /// <summary>What stands above <see cref="Changed"/>.</summary>
    public const string ChangedNote =
        "These trials were run with options that the study's program had changed when it ran last. What is compared may be "
        + "their doing.";

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
        string deviation = summary.HasRepeats
            ? $" ± is the standard deviation over the {summary.Repeats} (of the sample, n − 1)."
            : "";
        return $"{(summary.IsRanked ? "The best first. " : "")}{mark} is the best value of its column among the "
            + $"settings with a trial that ended well.{deviation} Where some trials of a setting ended well, its "
            + $"numbers are theirs alone.";
    }

    /// <summary>The trials whose options are others now, by what differs.</summary>
    public IReadOnlyList<(string Trials, string Changes)> Changed =>
        [
            .. summary
                .Trials.Where(trial => trial.Changes.Count > 0)
                .GroupBy(trial => string.Join("; ", trial.Changes))
                .Select(group => (DisplayText.Names([.. group.Select(summary.NameOf)]), group.Key)),
        ];

    /// <summary>The trials that did not run to the end, or whose metric is undefined, by the reason.</summary>
    public IReadOnlyList<(string Trials, string Reason)> Ends =>
        [
            .. summary
                .Trials.Where(trial =>
                    trial.Outcome is not (StopReason.Completed or StopReason.Running) || trial.Reason is not null
                )
                .GroupBy(Reason)
                .Select(group => (DisplayText.Names([.. group.Select(summary.NameOf)]), group.Key)),
        ];

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
