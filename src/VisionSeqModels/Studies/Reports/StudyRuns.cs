using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>The table of trials, one by one, for a study whose settings have several.</summary>
internal sealed class StudyRuns
{
    public StudyRuns(StudySummary summary)
    {
        var study = summary.File;
        string monitor = DisplayText.Of(study.Monitor);
        List<(string Title, Func<TrialResult, string> Text)> columns = [("setting", trial => trial.Setting)];
        if (summary.SeedCount > 1)
        {
            columns.Add(("seed", trial => Number(trial.Seed)));
        }

        if (summary.FoldCount > 0)
        {
            columns.Add(("fold", trial => Number(trial.Fold)));
        }

        EpochRecord? Best(TrialResult trial) => trial.History?.Best(study.Monitor, study.HigherIsBetter);
        columns.Add(($"final {monitor}", trial => SettingSummary.IsUndefined(trial) ? "undefined" : Value(trial.Score)));
        columns.Add(($"best {monitor}", trial => Value(Best(trial)?[study.Monitor])));
        columns.Add(("at epoch", trial => Number(Best(trial)?.Epoch)));
        columns.Add(("epochs", trial => Number(trial.Final?.Epoch)));
        if (summary.Loss != study.Monitor)
        {
            columns.Add(($"final {DisplayText.Of(summary.Loss)}", trial => Value(trial.Final?[summary.Loss])));
        }

        columns.Add(("seconds", trial => new MeanAndStd([trial.History?.Seconds]).Text("#,0.0")));
        columns.Add(("outcome", trial => SettingSummary.OutcomeOf(trial) + (trial.Changes.Count > 0 ? " (other options)" : "")));
        Columns = [.. columns.Select(column => column.Title)];
        Cells = summary.HasRepeats
            ? [.. summary.Settings.SelectMany(setting => setting.Trials).Select(trial => Row(columns, trial))]
            : [];
    }

    /// <summary>The table of the page; each trial leads to its report.</summary>
    public PageTable OnPage(StudySummary summary, TrialLinks links)
    {
        TrialResult[] trials = [.. summary.Settings.SelectMany(setting => setting.Trials)];
        return new PageTable(Columns, Cells) { Link = row => links.Of(trials[row]), HasTools = true };
    }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>A row a trial, setting by setting; none where each setting has one trial.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cells { get; }

    private static IReadOnlyList<string> Row(List<(string, Func<TrialResult, string> Text)> columns, TrialResult trial) =>
        [.. columns.Select(column => column.Text(trial))];

    private static string Value(double? value) => new MeanAndStd([value]).Text();

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
