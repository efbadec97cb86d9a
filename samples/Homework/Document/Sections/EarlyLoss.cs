using VisionSeqModels.Drawing;

/// <summary>Part 3b: whether the RNN's loss falls at once, and that of LSTM and GRU slowly at first.</summary>
internal static class EarlyLoss
{
    private static readonly (string Optimizer, (string Model, string Study, string Setting)[] Models)[] Comparisons =
    [
        ("SGD", [("RNN", "rnn", "base"), ("LSTM", "lstm-gru-sgd", "cell LSTM"), ("GRU", "lstm-gru-sgd", "cell GRU")]),
        (
            "Adam",
            [
                ("RNN", "rnn", "optimizer Adam"),
                ("LSTM", "lstm-gru", "cell LSTM, hidden size 128"),
                ("GRU", "lstm-gru", "cell GRU, hidden size 128"),
            ]
        ),
    ];

    public static IEnumerable<Block> Of(HomeworkFolder folder)
    {
        yield return new Block.Heading("The first epochs", IsPart: true);
        yield return new Block.Paragraph(
            "Is it true that the RNN's loss falls at once, and that of LSTM and GRU slowly at first? The training loss is "
                + "recorded many times within each epoch, with the same hidden size and learning rate. What counts is after "
                + "how many steps "
                + "it is half of what it was at first."
        );
        var courses = Comparisons
            .Select(entry => (entry.Optimizer, Models: entry.Models.Select(model => new LossCourse(folder, model)).ToList()))
            .Where(entry => entry.Models.TrueForAll(model => model.Runs.Count > 0))
            .ToList();
        if (courses.Count == 0)
        {
            yield break;
        }

        yield return new Block.Items([.. courses.Select(entry => Answer(entry.Optimizer, entry.Models))]);
        yield return new Block.Table(
            ["optimizer", "model", "loss at first", "left after a tenth of the first epoch", "half of it after steps"],
            [.. courses.SelectMany(entry => entry.Models.Select(model => Row(entry.Optimizer, model)))]
        );
        yield return new Block.Pictures([.. courses.Select(entry => Chart(entry.Optimizer, entry.Models))]);
    }

    private static string Answer(string optimizer, IReadOnlyList<LossCourse> models)
    {
        var (rnn, others) = (models[0], models.Skip(1).ToList());
        bool isTrue = others.TrueForAll(rnn.IsHalvedBefore),
            isFalse = others.TrueForAll(other => other.IsHalvedBefore(rnn));
        string verdict =
            isTrue ? "it is true for every seed"
            : isFalse ? "the opposite is true for every seed"
            : "it is not true for every seed and both cells";
        return $"By {optimizer} {verdict}: {string.Join("; ", models.Select(model => $"{model.Name} {model.HalfText}"))}.";
    }

    private static string[] Row(string optimizer, LossCourse model) =>
        [optimizer, model.Name, model.Start.Text, model.LeftAfterATenth.Percent, model.HalfText];

    private static Illustration Chart(string optimizer, IReadOnlyList<LossCourse> models) =>
        StudyCharts.Lines(
            $"early_loss_{optimizer}".ToLowerInvariant(),
            $"Training loss within the first epochs, {optimizer}",
            [
                .. models.Select(model => new LineSeries
                {
                    Name = model.Name,
                    X = [.. model.Runs[0].Select(point => (double)point.Step)],
                    Y = [.. model.Runs[0].Select((_, i) => model.Runs.Average(run => run[i].Loss))],
                }),
            ],
            "step",
            "loss"
        );
}
