using VisionSeqModels.Studies;

/// <summary>One of part 3c's models: its trials on images as they are and on permuted ones, and what shifts do to it.</summary>
internal sealed class Contestant(HomeworkFolder folder, string name, string study, string setting)
{
    public static IReadOnlyList<Contestant> All(HomeworkFolder folder) =>
        [
            new(folder, "LeNet", "lenet-digits", "model LeNet"),
            new(folder, "RNN", "rnn", "optimizer Adam"),
            new(folder, "LSTM", "lstm-gru", "cell LSTM, hidden size 128"),
            new(folder, "GRU", "lstm-gru", "cell GRU, hidden size 128"),
        ];

    public string Name => name;

    public bool IsLeNet => name == "LeNet";

    public IReadOnlyList<TrialResult> Trials { get; } = folder.Trials(study, setting);

    /// <summary>A file for each seed.</summary>
    public IReadOnlyList<Robustness> Robustness { get; } =
    [
        .. folder
            .File.Seeds.Select(seed =>
                folder.View(
                    FormattableString.Invariant($"shifts_{name}_seed{seed}").ToLowerInvariant(),
                    global::Robustness.FileName
                )
            )
            .Where(File.Exists)
            .Select(global::Robustness.Read),
    ];

    public Spread Accuracy(int pixels) => Spread.Of(Robustness.Select(seed => (double?)seed.AccuracyByShift[pixels]));

    public Spread Error(string className) => Spread.Of(Robustness.Select(seed => (double?)seed.ErrorsByClass[className]));

    /// <summary>The test accuracy on permuted images less that on images as they are, after as many epochs, seed by
    /// seed.</summary>
    public Spread Change(string permuted) => Spread.Of(Pairs(permuted).Select(pair => (double?)(pair.Permuted - pair.Plain)));

    public Spread Plain(string permuted) => Spread.Of(Pairs(permuted).Select(pair => (double?)pair.Plain));

    public Spread Permuted(string permuted) => Spread.Of(Pairs(permuted).Select(pair => (double?)pair.Permuted));

    /// <summary>The test accuracy less that of another model, seed by seed, after an epoch; null for the last of
    /// each.</summary>
    public Spread Ahead(Contestant other, int? epoch) =>
        Spread.Of(
            from trial in Trials
            let match = other.Trials.FirstOrDefault(match => match.Seed == trial.Seed)
            where match is not null
            select (double?)(Accuracy(trial, epoch) - Accuracy(match, epoch))
        );

    private static double Accuracy(TrialResult trial, int? epoch) =>
        trial.History!["test_accuracy"] is var accuracies && epoch is int number ? accuracies[number - 1] : accuracies[^1];

    private IEnumerable<(double Plain, double Permuted)> Pairs(string permuted) =>
        from trial in folder.Trials(permuted, $"model {name}")
        let plain = Trials.FirstOrDefault(other => other.Seed == trial.Seed)
        let epoch = trial.Final!.Epoch
        where plain is not null && plain.History!.Epochs.Count >= epoch
        select (plain.History!["test_accuracy"][epoch - 1], trial.History!["test_accuracy"][epoch - 1]);
}
