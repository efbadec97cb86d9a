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
        var courses = Comparisons
            .Select(entry => (entry.Optimizer, Models: entry.Models.Select(model => new LossCourse(folder, model)).ToList()))
            .Where(entry => entry.Models.TrueForAll(model => model.Runs.Count > 0))
            .ToList();
        if (courses.Count == 0)
        {
            yield break;
        }

        var first = courses[0].Models[0];
        yield return new Block.Paragraph(
            "Is it true that the RNN's loss falls at once, and that of LSTM and GRU slowly at first? All have the same hidden "
                + $"size, batch size and learning rate. The training loss is recorded every {first.Interval} steps, as the mean "
                + $"since the record before; an epoch has {Phrases.Count(first.StepsAnEpoch)} steps. “At once” means here "
                + "that a tenth of the loss is gone within a tenth of the first epoch."
        );
        yield return new Block.Items([.. courses.Select(entry => Answer(entry.Optimizer, entry.Models))]);
        yield return new Block.Table(
            ["optimizer", "model", "loss at first", "fraction left after a tenth of the first epoch", "half of it gone"],
            [.. courses.SelectMany(entry => entry.Models.Select(model => Row(entry.Optimizer, model)))]
        );
        yield return new Block.Pictures([.. courses.Select(entry => Chart(entry.Optimizer, entry.Models))]);
    }

    /// <summary>Whether it is true, and the numbers that say so.</summary>
    private static string Answer(string optimizer, IReadOnlyList<LossCourse> models)
    {
        var (rnn, others) = (models[0], models.Skip(1).ToList());
        bool isFirst = others.TrueForAll(rnn.IsHalvedBefore),
            isLast = others.TrueForAll(other => other.IsHalvedBefore(rnn)),
            areSlow = !others.Exists(other => other.FallsAtOnce);
        string verdict =
            models.All(model => model.HalfSteps.All(step => step is null)) ? "undecided"
            : isFirst && areSlow && rnn.FallsAtOnce ? "true"
            : isFirst && areSlow ? "true of the order alone"
            : "not true";
        string order =
            isFirst ? "that of the RNN is halved before the others for every seed"
            : isLast ? "that of the RNN is halved after the others for every seed"
            : "no order of the models holds for every seed";
        return $"By {optimizer} it is {verdict}. {AtOnce(models)}; {order}. Half of the loss is gone: "
            + $"{string.Join("; ", models.Select(model => $"{model.Name} {model.HalfText}"))}.";
    }

    private static string AtOnce(IReadOnlyList<LossCourse> models)
    {
        string[] fast = [.. models.Where(model => model.FallsAtOnce).Select(model => model.Name)];
        return fast.Length == 0 ? "No loss falls at once"
            : fast.Length == models.Count ? "All losses fall at once"
            : $"Only the loss of {Phrases.List(fast)} falls at once";
    }

    private static string[] Row(string optimizer, LossCourse model) =>
        [optimizer, model.Name, model.Start.Text, model.LeftAfterATenth.Text, model.HalfText];

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
