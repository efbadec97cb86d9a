using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>A study's trials, gathered by setting: what all parts of its report are drawn from.</summary>
internal sealed class StudySummary
{
    private const int MostInPlanOrder = 12;

    public StudySummary(StudyFile study, IReadOnlyList<TrialResult> trials)
    {
        File = study;
        Trials = trials;
        List<SettingSummary> planned =
        [
            .. trials.GroupBy(trial => trial.Setting).Select(group => new SettingSummary([.. group], study)),
        ];
        Planned = planned;
        Ranked = [.. planned.OrderByDescending(setting => setting.Score)];
        IsRanked = planned.Count > MostInPlanOrder;
        Settings = IsRanked ? Ranked : planned;
        Varied =
        [
            .. trials
                .SelectMany(trial => trial.Factors.Keys)
                .Distinct()
                .Where(name => trials.Select(trial => trial.Factors.GetValueOrDefault(name)).Distinct().Count() > 1),
        ];
        SeedCount = trials.Select(trial => trial.Seed).Distinct().Count();
        FoldCount = trials.Select(trial => trial.Fold).OfType<int>().Distinct().Count();
        MetricNames = [.. trials.SelectMany(trial => trial.History?.MetricNames ?? []).Distinct()];
        string[] losses = [$"{study.Monitor.Split('_')[0]}_loss", "test_loss", "val_loss", "train_loss"];
        Loss = losses.FirstOrDefault(MetricNames.Contains, "train_loss");
    }

    /// <summary>What is compared.</summary>
    public StudyFile File { get; }

    public IReadOnlyList<TrialResult> Trials { get; }

    /// <summary>The settings as the report shows them: in the order of the plan, or the best first where there are
    /// many.</summary>
    public IReadOnlyList<SettingSummary> Settings { get; }

    /// <summary>Whether <see cref="Settings"/> are the best first.</summary>
    public bool IsRanked { get; }

    /// <summary>All settings, the best first.</summary>
    public IReadOnlyList<SettingSummary> Ranked { get; }

    /// <summary>All settings, in the order of the plan.</summary>
    public IReadOnlyList<SettingSummary> Planned { get; }

    /// <summary>The plan's first setting, which the others are compared with.</summary>
    public SettingSummary First => Planned[0];

    /// <summary>What the study varies: factors with more than one value.</summary>
    public IReadOnlyList<string> Varied { get; }

    public int SeedCount { get; }

    /// <summary>How many folds were run; 0 without folds.</summary>
    public int FoldCount { get; }

    /// <summary>Whether settings have several trials each.</summary>
    public bool HasRepeats => SeedCount > 1 || FoldCount > 1;

    /// <summary>What the trials of a setting differ in.</summary>
    public string Repeats =>
        FoldCount == 0 ? "seeds"
        : SeedCount == 1 ? "folds"
        : "seeds and folds";

    /// <summary>All metrics that a trial has.</summary>
    public IReadOnlyList<string> MetricNames { get; }

    /// <summary>The loss on the data that the study's metric is measured on.</summary>
    public string Loss { get; }

    /// <summary>A trial's name, and how it ended.</summary>
    public string NameWithOutcome(TrialResult trial) => $"{NameOf(trial)} ({SettingSummary.OutcomeOf(trial)})";

    public string NameOf(TrialResult trial) =>
        trial.Setting
        + (SeedCount > 1 ? string.Create(CultureInfo.InvariantCulture, $", seed {trial.Seed}") : "")
        + (trial.Fold is int fold ? string.Create(CultureInfo.InvariantCulture, $", fold {fold}") : "");
}
