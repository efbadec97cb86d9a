/// <summary>What each part of the homework needs: studies, whole or some settings of them, and views of trained models.</summary>
internal static class Parts
{
    public static readonly string[] Names = ["1b", "1c", "2", "3a", "3b", "3c"];

    private static readonly Need[] Needs =
    [
        new("1b", "lenet"),
        new("1c", "lenet", "base"),
        new("2", "lenet", "base"),
        new("3a", "rnn"),
        new("3b", "lstm-gru"),
        new("3b", "lstm-gru-sgd"),
        new("3b", "rnn", "base", "optimizer Adam"),
        new("3c", "rnn", "optimizer Adam"),
        new("3c", "lstm-gru", "cell LSTM, hidden size 128", "cell GRU, hidden size 128"),
        new("3c", "lenet-digits"),
        new("3c", "permuted-rows"),
        new("3c", "permuted-pixels"),
    ];

    /// <summary>The studies of some parts; a study that several of them need is there once.</summary>
    public static IReadOnlyList<StudyTask> Studies(IReadOnlyCollection<string> parts, HomeworkSize size) =>
        [
            .. from study in All(size)
            let needs = Needs.Where(need => need.Study == study.Name && parts.Contains(need.Part)).ToList()
            where needs.Count > 0
            select needs.Exists(need => need.Settings.Length == 0) ? study : study.With(needs.SelectMany(need => need.Settings)),
        ];

    /// <summary>The names of the studies that some parts need.</summary>
    public static IReadOnlyList<string> StudiesOf(IReadOnlyCollection<string> parts) =>
        [.. Needs.Where(need => parts.Contains(need.Part)).Select(need => need.Study).Distinct()];

    private static StudyTask[] All(HomeworkSize size) =>
        [
            new(
                "lenet",
                "LeNet",
                "what do batch size, learning rate, optimizer and width change?",
                Plans.LeNet(size.Base),
                size.LeNetEpochs,
                data => data.Pictures
            ),
            new(
                "rnn",
                "A vanilla RNN",
                "what do learning rate, optimizer and hidden size change?",
                Plans.Rnn(size.Base, size.OtherUnits),
                size.RnnEpochs,
                data => data.Digits
            ),
            new(
                "lstm-gru",
                "LSTM and GRU",
                "what does the hidden size change?",
                Plans.Gated(size.Base, size.OtherUnits),
                size.GatedEpochs,
                data => data.Digits
            ),
            new(
                "lstm-gru-sgd",
                "LSTM and GRU by SGD",
                "does the loss fall at once?",
                Plans.GatedBySgd(size.Base),
                size.FewEpochs,
                data => data.Digits
            ),
            new(
                "lenet-digits",
                "LeNet",
                "how good is it?",
                Plans.LeNetOnDigits(size.Base),
                size.GatedEpochs,
                data => data.Digits
            ),
            new(
                "permuted-rows",
                "Four models, rows in another order",
                "which of them minds?",
                Plans.AllModels(size.Base),
                size.FewEpochs,
                data => data.PermutedRows
            ),
            new(
                "permuted-pixels",
                "Four models, pixels in another order",
                "which of them minds?",
                Plans.AllModels(size.Base),
                size.FewEpochs,
                data => data.PermutedPixels
            ),
        ];

    /// <summary>A part needs some settings of a study; none named for all.</summary>
    private sealed record Need(string Part, string Study, params string[] Settings);
}
