using System.Globalization;
using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;

/// <summary>Part 3b.</summary>
internal static class GatedStudy
{
    public const string Part = "3b";
    private const string Title = $"{Part}: LSTM and GRU";

    public static IEnumerable<Block> Of(HomeworkFolder folder)
    {
        var study = folder.Study("lstm-gru");
        if (StudyTable.Settings(study) is not [var trials, ..])
        {
            return [new Block.Heading(Title), .. StudyBlocks.Of("gated", folder, "lstm-gru")];
        }

        var data = folder.Data("lstm-gru", trials[0]);
        return
        [
            new Block.Heading(Title),
            .. StudyBlocks.Of(
                "gated",
                folder,
                "lstm-gru",
                setting => (setting[0].Factors["cell"] == "LSTM" ? 0 : 1, Size(setting))
            ),
            new Block.Heading("By hidden size", IsPart: true),
            .. BySize(folder, study),
            .. EarlyLoss.Of(folder),
            new Block.Heading("Step by step", IsPart: true),
            .. RecurrentViews.StepByStep(folder, ["rnn", "lstm", "gru"]),
            .. RecurrentViews.Of(folder, "lstm", data),
            .. RecurrentViews.Of(folder, "gru", data),
        ];
    }

    private static IReadOnlyList<Block> BySize(HomeworkFolder folder, Study study)
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
        return
        [
            new Block.Paragraph(
                $"The RNN is that of part {RnnStudy.Part}. "
                    + string.Join(
                        " ",
                        cells
                            .Where(cell => cell.Trials.Count > 0)
                            .Select(cell => Growth(cell.Key, [.. cell.Trials.OrderBy(Size)]))
                    )
            ),
            new Block.Pictures([.. new[] { "test_accuracy", "test_loss" }.Select(Chart)]),
        ];

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

    /// <summary>What the largest size has that the smallest has not.</summary>
    private static string Growth(string name, IReadOnlyList<IReadOnlyList<TrialResult>> sizes)
    {
        var (least, most) = (sizes[0], sizes[^1]);
        string first =
            $"{name}: after {least[0].Final!.Epoch} epochs {StudyTable.Last(least, "test_accuracy").Text} with "
            + $"{Size(least)} units";
        return sizes.Count == 1 ? $"{first}." : $"{first} and {StudyTable.Last(most, "test_accuracy").Text} with {Size(most)}.";
    }

    private static int Size(IReadOnlyList<TrialResult> trials) =>
        int.Parse(trials[0].Factors["hidden size"], CultureInfo.InvariantCulture);
}
