using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;

/// <summary>The curves of a study's settings side by side: training and test, each the mean over the seeds.</summary>
internal static class StudyCharts
{
    private static readonly (string Metric, string Title)[] Metrics =
    [
        ("train_accuracy", "Training accuracy"),
        ("test_accuracy", "Test accuracy"),
        ("train_loss", "Training loss"),
        ("test_loss", "Test loss"),
    ];

    /// <summary>Four charts, in two rows.</summary>
    /// <param name="prefix">How the names of the pictures' files begin.</param>
    /// <param name="lines">The trials of each line, by its name.</param>
    public static IReadOnlyList<Block> Of(string prefix, IReadOnlyList<(string Name, IReadOnlyList<TrialResult> Trials)> lines) =>
        [.. Metrics.Chunk(2).Select(pair => new Block.Pictures([.. pair.Select(entry => Chart(prefix, lines, entry))]))];

    /// <summary>The same for a study's settings.</summary>
    public static IReadOnlyList<Block> Of(string prefix, Study study) =>
        Of(prefix, [.. StudyTable.Settings(study).Select(trials => (trials[0].Setting, trials))]);

    /// <summary>A chart of some lines.</summary>
    public static Illustration Lines(
        string name,
        string caption,
        IReadOnlyList<LineSeries> lines,
        string xTitle,
        string yTitle,
        bool logarithmic = false
    ) =>
        new(
            name,
            LineChart.Draw(
                lines,
                new LineChartOptions
                {
                    Title = caption,
                    XTitle = xTitle,
                    YTitle = yTitle,
                    LogarithmicY = logarithmic,
                    Width = 560,
                    Height = 400,
                }
            ),
            caption
        );

    private static Illustration Chart(
        string prefix,
        IReadOnlyList<(string Name, IReadOnlyList<TrialResult> Trials)> lines,
        (string Metric, string Title) of
    ) =>
        Lines(
            $"{prefix}_{of.Metric}",
            of.Title,
            [.. lines.Where(line => line.Trials.Count > 0).Select(line => Mean(line.Name, line.Trials, of.Metric))],
            "epoch",
            of.Metric.Split('_')[1]
        );

    private static LineSeries Mean(string name, IReadOnlyList<TrialResult> trials, string metric)
    {
        int epochs = trials.Min(trial => trial.History!.Epochs.Count);
        return new LineSeries
        {
            Name = name,
            X = [.. Enumerable.Range(1, epochs).Select(epoch => (double)epoch)],
            Y = [.. Enumerable.Range(0, epochs).Select(i => trials.Average(trial => trial.History![metric][i]))],
        };
    }
}
