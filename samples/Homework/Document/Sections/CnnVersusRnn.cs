using System.Globalization;

/// <summary>Part 3c.</summary>
internal static class CnnVersusRnn
{
    public const string Part = "3c";

    public static IEnumerable<Block> Of(HomeworkFolder folder)
    {
        var models = Contestant.All(folder).Where(model => model.Trials.Count > 0).ToList();
        yield return new Block.Heading($"{Part}: the CNN against the RNNs");
        yield return new Block.Paragraph(
            "Which is better on the same images, at what cost, and what do shifted and permuted images change? All are trained "
                + "by Adam with the same batches, learning rate and order of samples. The time of an epoch is the median."
        );
        if (models.Count == 0)
        {
            yield return new Block.Paragraph("No trial has ended well.");
            yield break;
        }

        yield return Models(models);
        yield return new Block.Paragraph(Best(models));
        foreach (var block in StudyCharts.Of("models", [.. models.Select(model => (model.Name, model.Trials))]))
        {
            yield return block;
        }

        foreach (
            var block in new[] { Classes(models), Shifts.Of(models), Permutations.Of(folder, models) }.SelectMany(part => part)
        )
        {
            yield return block;
        }
    }

    private static Block.Table Models(IReadOnlyList<Contestant> models)
    {
        double best = models.Max(model => StudyTable.Last(model.Trials, "test_accuracy").Mean);
        return new Block.Table(
            ["model", "epochs", "test accuracy", "test loss", "parameters", "time of an epoch"],
            [
                .. models.Select(model =>
                    (string[])
                        [
                            model.Name,
                            model.Trials[0].Final!.Epoch.ToString(CultureInfo.InvariantCulture),
                            StudyTable.Last(model.Trials, "test_accuracy").Text,
                            StudyTable.Last(model.Trials, "test_loss").Text,
                            Phrases.Count(model.Trials[0].Parameters ?? 0),
                            FormattableString.Invariant($"{Seconds(model):f1} s"),
                        ]
                ),
            ],
            (row, column) => column == 2 && StudyTable.Last(models[row].Trials, "test_accuracy").Mean == best
        );
    }

    /// <summary>The best on average, and whether it is ahead of each other for every seed, in the end and after as many
    /// epochs.</summary>
    private static string Best(IReadOnlyList<Contestant> models)
    {
        var best = models.MaxBy(model => StudyTable.Last(model.Trials, "test_accuracy").Mean)!;
        int epochs = models.Min(model => model.Trials.Min(trial => trial.History!.Epochs.Count));
        var others = models.Where(model => model != best).ToList();
        if (others.Count == 0)
        {
            return $"{best.Name} is the only model that was trained.";
        }

        return models.All(model => model.Trials.All(trial => trial.History!.Epochs.Count == epochs))
            ? $"{best.Name} has the highest mean. It is ahead {Ahead(best, others, null)}."
            : $"{best.Name} has the highest mean. In the end it is ahead {Ahead(best, others, null)}. "
                + $"After {epochs} epochs of each it is ahead {Ahead(best, others, epochs)}.";
    }

    private static string Ahead(Contestant best, IReadOnlyList<Contestant> others, int? epoch) =>
        Phrases.List([
            .. others.Select(other =>
            {
                var ahead = best.Ahead(other, epoch);
                int seeds = ahead.Values.Count(value => value > 0);
                string when = seeds == ahead.Values.Count ? "every seed" : $"{seeds} of {ahead.Values.Count} seeds";
                return $"of {other.Name} for {when} ({ahead.Difference})";
            }),
        ]);

    /// <summary>The median over epochs and seeds.</summary>
    private static double Seconds(Contestant model)
    {
        double[] seconds = [.. model.Trials.SelectMany(trial => trial.History!.Epochs).Select(epoch => epoch.Seconds).Order()];
        return seconds[seconds.Length / 2];
    }

    private static IEnumerable<Block> Classes(IReadOnlyList<Contestant> models)
    {
        var measured = models.Where(model => model.Robustness.Count > 0).ToList();
        if (measured.Count == 0)
        {
            yield break;
        }

        string[] names = [.. measured[0].Robustness[0].ErrorsByClass.Keys];
        yield return new Block.Heading("Errors by class", IsPart: true);
        yield return new Block.Paragraph(
            "The fraction of each class's test images that a model gets wrong. The hardest class: "
                + string.Join(", ", measured.Select(model => $"{names.MaxBy(name => model.Error(name).Mean)} for {model.Name}"))
                + "."
        );
        yield return new Block.Table(
            ["model", .. names],
            [.. measured.Select(model => (string[])[model.Name, .. names.Select(name => Phrases.Value(model.Error(name).Mean))])],
            (row, column) =>
                column > 0
                && measured[row].Error(names[column - 1]).Mean == measured.Min(model => model.Error(names[column - 1]).Mean)
        );
    }
}
