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
            "Which is better on the same images, at what cost, and what do they mind? All are trained by Adam with the same "
                + "batches, "
                + "learning rate and order of samples."
        );
        if (models.Count == 0)
        {
            yield return new Block.Paragraph("No trial has ended well.");
            yield break;
        }

        yield return Models(models);
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
                            FormattableString.Invariant($"{model.Trials[0].Parameters:n0}"),
                            FormattableString.Invariant($"{Seconds(model):f1} s"),
                        ]
                ),
            ],
            (row, column) => column == 2 && StudyTable.Last(models[row].Trials, "test_accuracy").Mean == best
        );
    }

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
            "The part of each class's test images that a model gets wrong, in percent. "
                + string.Join(
                    " ",
                    measured.Select(model =>
                        $"The hardest class for {model.Name} is {names.MaxBy(name => model.Error(name).Mean)}."
                    )
                )
        );
        yield return new Block.Table(
            ["model", .. names],
            [
                .. measured.Select(model =>
                    (string[])
                        [
                            model.Name,
                            .. names.Select(name => (100 * model.Error(name).Mean).ToString("f2", CultureInfo.InvariantCulture)),
                        ]
                ),
            ],
            (row, column) =>
                column > 0
                && measured[row].Error(names[column - 1]).Mean == measured.Min(model => model.Error(names[column - 1]).Mean)
        );
    }
}
