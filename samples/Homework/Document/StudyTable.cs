using System.Globalization;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;

/// <summary>The table of a study's settings: training and test, over the seeds.</summary>
internal static class StudyTable
{
    private static readonly string[] Columns =
    [
        "setting",
        "train accuracy",
        "test accuracy",
        "best test accuracy",
        "in epoch",
        "train loss",
        "test loss",
        "lowest test loss in epoch",
        "parameters",
    ];

    /// <param name="study">The study.</param>
    /// <param name="order">The order of the settings; null for the plan's.</param>
    public static Block.Table Of(Study study, Func<IReadOnlyList<TrialResult>, IComparable>? order = null)
    {
        var settings = Settings(study);
        var sorted = order is null ? settings : [.. settings.OrderBy(order)];
        double best = sorted.Max(trials => Last(trials, "test_accuracy").Mean),
            lowest = sorted.Min(trials => Last(trials, "test_loss").Mean);
        return new Block.Table(
            Columns,
            [.. sorted.Select(Row)],
            (row, column) =>
                column switch
                {
                    2 => Last(sorted[row], "test_accuracy").Mean == best,
                    6 => Last(sorted[row], "test_loss").Mean == lowest,
                    _ => false,
                }
        );
    }

    /// <summary>Each setting's trials that ended well, in the plan's order.</summary>
    public static IReadOnlyList<IReadOnlyList<TrialResult>> Settings(Study study) =>
        [
            .. study
                .Trials.Where(trial => trial.Score is not null)
                .GroupBy(trial => trial.Setting)
                .Select(group => (IReadOnlyList<TrialResult>)[.. group.OrderBy(trial => trial.Seed)]),
        ];

    /// <summary>A metric after the last epoch.</summary>
    public static Spread Last(IReadOnlyList<TrialResult> trials, string metric) =>
        Spread.Of(trials.Select(trial => trial.Final?[metric]));

    /// <summary>The epochs in which a metric was best.</summary>
    public static string BestEpochs(IReadOnlyList<TrialResult> trials, string metric, bool higherIsBetter)
    {
        int[] epochs = [.. Bests(trials, metric, higherIsBetter).Select(epoch => epoch.Epoch).Distinct().Order()];
        return Phrases.List([.. epochs.Select(epoch => epoch.ToString(CultureInfo.InvariantCulture))], "or");
    }

    private static IEnumerable<EpochRecord> Bests(IReadOnlyList<TrialResult> trials, string metric, bool higherIsBetter) =>
        trials.Select(trial => trial.History!.Best(metric, higherIsBetter)).OfType<EpochRecord>();

    private static IReadOnlyList<string> Row(IReadOnlyList<TrialResult> trials) =>
        [
            trials[0].Setting,
            Last(trials, "train_accuracy").Text,
            Last(trials, "test_accuracy").Text,
            Spread.Of(Bests(trials, "test_accuracy", true).Select(epoch => epoch["test_accuracy"])).Text,
            BestEpochs(trials, "test_accuracy", true),
            Last(trials, "train_loss").Text,
            Last(trials, "test_loss").Text,
            BestEpochs(trials, "test_loss", false),
            Phrases.Count(trials[0].Parameters ?? 0),
        ];
}
