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
            "Trained on images as they are; the test images are shifted to the right, to the left, down and up (the mean of the "
                + $"four), with black where nothing is left. {Answer(measured, pixels)}"
        );
        yield return new Block.Table(
            ["model", .. pixels.Select(shift => string.Create(CultureInfo.InvariantCulture, $"{shift} px"))],
            [
                .. measured.Select(model =>
                    (string[])
                        [
                            model.Name,
                            .. pixels.Select(shift => model.Accuracy(shift).Mean.ToString("f3", CultureInfo.InvariantCulture)),
                        ]
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
                .Select(group => $"{group.Key} for shifts of {string.Join(", ", group)}")
        );
        if (lenet is null || models.Count == 1)
        {
            return $"The best: {best}.";
        }

        var behind = moved.Where(shift => models.Any(model => model.Accuracy(shift).Mean > lenet.Accuracy(shift).Mean)).ToList();
        string convolutions =
            behind.Count == 0 ? "The convolutions make LeNet the most robust at every shift."
            : behind.Count == moved.Count ? "The convolutions do not make LeNet the most robust at any shift."
            : $"LeNet is the most robust but for shifts of {string.Join(", ", behind)} pixels.";
        return $"The best: {best}. {convolutions}";
    }
}
