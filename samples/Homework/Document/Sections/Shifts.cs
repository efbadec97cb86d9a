using System.Globalization;
using VisionSeqModels.Drawing;

/// <summary>Part 3c: shifted test images.</summary>
internal static class Shifts
{
    public static IEnumerable<Block> Of(IReadOnlyList<Contestant> models)
    {
        var measured = models.Where(model => model.Robustness.Count > 0).ToList();
        if (measured.Count == 0)
        {
            yield break;
        }

        int[] pixels = [.. measured[0].Robustness[0].AccuracyByShift.Keys];
        yield return new Block.Heading("Shifted images", IsPart: true);
        yield return new Block.Paragraph(
            "The models are trained on images as they are. The test images are shifted to the right, to the left, down and up, "
                + $"with black where nothing is left; the accuracy is the mean of the four. {Answer(measured, pixels)}"
        );
        yield return new Block.Table(
            ["model", .. pixels.Select(shift => string.Create(CultureInfo.InvariantCulture, $"{shift} px"))],
            [
                .. measured.Select(model =>
                    (string[])[model.Name, .. pixels.Select(shift => Phrases.Value(model.Accuracy(shift).Mean))]
                ),
            ],
            (row, column) =>
                column > 0
                && measured[row].Accuracy(pixels[column - 1]).Mean
                    == measured.Max(model => model.Accuracy(pixels[column - 1]).Mean)
        );
        yield return new Block.Pictures(
            StudyCharts.Lines(
                "shifts",
                "Test accuracy when the images are shifted",
                [
                    .. measured.Select(model => new LineSeries
                    {
                        Name = model.Name,
                        X = [.. pixels.Select(shift => (double)shift)],
                        Y = [.. pixels.Select(shift => model.Accuracy(shift).Mean)],
                    }),
                ],
                "shift in pixels",
                "accuracy"
            )
        );
    }

    /// <summary>Which model is best at each shift, and whether the convolutions help.</summary>
    private static string Answer(IReadOnlyList<Contestant> models, int[] pixels)
    {
        var lenet = models.FirstOrDefault(model => model.IsLeNet);
        var moved = pixels.Where(shift => shift > 0).ToList();
        string best = string.Join(
            "; ",
            moved
                .GroupBy(shift => models.MaxBy(model => model.Accuracy(shift).Mean)!.Name)
                .Select(group => $"{group.Key} has the highest accuracy for shifts of " + Pixels(group))
        );
        if (lenet is null || models.Count == 1)
        {
            return $"{best}.";
        }

        var behind = moved.Where(shift => models.Any(model => model.Accuracy(shift).Mean > lenet.Accuracy(shift).Mean)).ToList();
        string convolutions =
            behind.Count == 0 ? "LeNet, the model with convolutions, is the best at every shift."
            : behind.Count == moved.Count ? "LeNet, the model with convolutions, is not the best at any shift."
            : $"LeNet, the model with convolutions, is not the best at shifts of {string.Join(", ", behind)} pixels.";
        return $"{best}. {convolutions}";
    }

    private static string Pixels(IEnumerable<int> shifts) => $"{Phrases.List([.. shifts.Select(shift => $"{shift}")])} pixels";
}
