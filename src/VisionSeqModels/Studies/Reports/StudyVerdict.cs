using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>What came out of a study, in sentences.</summary>
internal sealed class StudyVerdict(StudyReport report)
{
    private const int LongestReason = 2000;
    private const int MostNames = 4;

    /// <summary>Which setting is best, and whether that is more than chance.</summary>
    public string Answer
    {
        get
        {
            var ranked = report.Ranked.Where(setting => setting.Final.Mean is not null).ToList();
            if (ranked.Count == 0)
            {
                return "No trial has ended well.";
            }

            string head =
                $"The best final {DisplayText.Of(report.Study.Monitor)} is that of “{ranked[0].Name}”: {ranked[0].Final.Text()}.";
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
                report
                    .Study.Rows.GroupBy(StudySummary.Word)
                    .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key}"))
            );
            string varied = report.Varied.Count == 0 ? "nothing" : string.Join(", ", report.Varied);
            return $"{DisplayText.Count(report.Settings.Count, "setting")}, "
                + $"{DisplayText.Count(report.SeedCount, "seed")}, "
                + $"{DisplayText.Count(report.Study.Rows.Count, "trial")}: {outcomes}. Varied: {varied}.";
        }
    }

    /// <summary>How the table is to be read.</summary>
    public string Legend(string mark)
    {
        string deviation =
            report.SeedCount > 1 ? " ± is the standard deviation over the seeds; p is that of a paired t test over them." : "";
        return $"{(report.IsRanked ? "The best first. " : "")}{mark} is the best value of its column among the "
            + $"settings with a trial that ended well.{deviation} Where some trials of a setting ended well, its "
            + "figures are theirs alone.";
    }

    /// <summary>The trials that did not run to the end, by the reason.</summary>
    public IReadOnlyList<(string Trials, string Reason)> Ends =>
        [
            .. report
                .Study.Rows.Where(row =>
                    row.Outcome is not (StopReason.Completed or StopReason.Running) || row.Reason is not null
                )
                .GroupBy(Reason)
                .Select(group => (Names([.. group.Select(report.NameOf)]), group.Key)),
        ];

    private static string Names(IReadOnlyList<string> names) =>
        names.Count <= MostNames
            ? string.Join("; ", names)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{names.Count:n0} trials: {string.Join("; ", names.Take(MostNames))} and {names.Count - MostNames:n0} more"
            );

    private static string Reason(TrialResult row)
    {
        string reason = row.Reason is null ? StudySummary.Word(row) : $"{StudySummary.Word(row)}: {row.Reason}";
        return reason.Length <= LongestReason
            ? reason
            : $"{reason[..LongestReason]}… (the rest is in {row.Folder}/run.json or study.json)";
    }
}
