using System.Globalization;
using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;

/// <summary>Part 3b.</summary>
internal static class GatedStudy
{
    public const string Part = "3b";

    public static IEnumerable<Block> Of(HomeworkFolder folder)
    {
        var study = folder.Study("lstm-gru");
        return
        [
            new Block.Heading($"{Part}: LSTM and GRU"),
            .. StudyBlocks.Of("gated", study, trials => (trials[0].Factors["cell"] == "LSTM" ? 0 : 1, Size(trials))),
            new Block.Heading("By hidden size", IsPart: true),
            BySize(folder, study),
            .. EarlyLoss.Of(folder),
            new Block.Heading("Step by step", IsPart: true),
            RecurrentViews.StepByStep(folder, ["rnn", "lstm", "gru"]),
            .. RecurrentViews.Of(folder, "lstm"),
            .. RecurrentViews.Of(folder, "gru"),
        ];
    }

    private static Block.Pictures BySize(HomeworkFolder folder, Study study)
    {
        var cells = StudyTable
            .Settings(study)
            .GroupBy(trials => trials[0].Factors["cell"])
            .Select(cell => (cell.Key, Trials: cell.ToList()))
            .ToList();
        cells.Add(
            (
                "RNN by SGD",
                [
                    .. StudyTable
                        .Settings(folder.Study("rnn"))
                        .Where(trials =>
                            trials[0].Setting is "base" || trials[0].Setting.StartsWith("hidden size", StringComparison.Ordinal)
                        ),
                ]
            )
        );
        return new Block.Pictures([.. new[] { "test_accuracy", "test_loss" }.Select(Chart)]);

        Illustration Chart(string metric) =>
            StudyCharts.Lines(
                $"hidden_size_{metric}",
                $"Final {metric.Replace('_', ' ')} by hidden size",
                [
                    .. cells.Select(cell => new LineSeries
                    {
                        Name = cell.Key,
                        X = [.. cell.Trials.OrderBy(Size).Select(trials => (double)Size(trials))],
                        Y = [.. cell.Trials.OrderBy(Size).Select(trials => StudyTable.Last(trials, metric).Mean)],
                    }),
                ],
                "hidden size",
                metric.Split('_')[1]
            );
    }

    private static int Size(IReadOnlyList<TrialResult> trials) =>
        int.Parse(trials[0].Factors["hidden size"], CultureInfo.InvariantCulture);
}
