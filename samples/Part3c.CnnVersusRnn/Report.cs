using System.Globalization;
using VisionSeqModels;
using VisionSeqModels.Drawing;
using VisionSeqModels.Samples;

/// <summary>Writes what was found: CSV files, charts, and one page to read.</summary>
internal sealed class Report(
    SampleRun run,
    ImageDatasets data,
    IReadOnlyList<Contestant> plain,
    IReadOnlyList<Contestant> permuted,
    IReadOnlyList<Contestant> fewRows,
    IReadOnlyList<Contestant> fewPixels
)
{
    private const int MostPixels = 6;

    public void Write()
    {
        var page = new ReportPage("LeNet, RNN, LSTM and GRU on the same digits");
        page.Paragraph(
            Invariant($"{data.Train.Count:n0} training and {data.Test.Count:n0} test images of {data.Name}; every model with ")
                + $"the same order of samples, optimizer ({run.Arguments.Optimizer}, learning rate "
                + Invariant($"{run.Arguments.LearningRate}), batch size ({run.Arguments.BatchSize}) and number of epochs ")
                + $"({run.Arguments.Epochs})."
        );
        page.Code(CommandText.OfThisProcess);
        Models(page);
        PerClass(page);
        Shifts(page);
        Orders(page);
        Pixels(page);
        page.Save(In("report.html"));
    }

    private void Models(ReportPage page)
    {
        var best = plain.MaxBy(model => model.TestAccuracy)!;
        page.Section("The models")
            .Table(
                ["model", "test accuracy", "parameters", "seconds an epoch", "samples a second"],
                Rows(
                    plain,
                    model =>
                        [
                            model.Name,
                            Fraction(model.TestAccuracy),
                            Invariant($"{model.Parameters:n0}"),
                            Invariant($"{model.SecondsAnEpoch:f2}"),
                            Invariant($"{model.SamplesASecond:n0}"),
                        ]
                ),
                (row, column) => column == 1 && plain[row] == best
            );
        WriteCsv(
            "models.csv",
            ["model", "test_accuracy", "parameters", "seconds_per_epoch", "samples_per_second"],
            plain.Select(model =>
                (IEnumerable<object>)
                    [
                        model.Name,
                        model.TestAccuracy,
                        model.Parameters,
                        Invariant($"{model.SecondsAnEpoch:f3}"),
                        Invariant($"{model.SamplesASecond:f1}"),
                    ]
            )
        );
        var curves = Charts.LearningCurves(plain.ToDictionary(model => model.Name, model => model.History));
        curves.SavePng(In("curves.png"));
        page.Picture(curves, "Dashed: training; solid: test.");
    }

    private void PerClass(ReportPage page)
    {
        var errors = plain
            .Select(model => (model.Name, Matrix: model.Confusion(data.Test)))
            .Select(entry => (entry.Name, Fractions: data.ClassNames.Select((_, c) => 1 - entry.Matrix.Recall(c)).ToList()))
            .ToList();
        page.Section("Errors by class")
            .Paragraph("The fraction of each class's test images that the model got wrong.")
            .Table(
                ["model", .. data.ClassNames],
                Rows(errors, model => [model.Name, .. model.Fractions.Select(Fraction)]),
                (row, column) =>
                    column > 0 && errors[row].Fractions[column - 1] == errors.Min(model => model.Fractions[column - 1])
            );
        WriteCsv(
            "errors_by_class.csv",
            ["model", .. data.ClassNames],
            errors.Select(model => Numbers(model.Fractions).Prepend(model.Name))
        );
    }

    private void Shifts(ReportPage page)
    {
        int[] shifts = [.. Enumerable.Range(0, MostPixels + 1)];
        double[] places = [.. shifts.Select(pixels => (double)pixels)];
        var byShift = shifts.Select(pixels => Experiments.AccuracyWhenShifted(plain, data.Test, pixels)).ToList();
        var models = plain.Select((model, i) => (model.Name, Accuracies: byShift.Select(all => all[i]).ToList())).ToList();
        var chart = LineChart.Draw(
            [
                .. models.Select(model => new LineSeries
                {
                    Name = model.Name,
                    X = places,
                    Y = model.Accuracies,
                }),
            ],
            new LineChartOptions
            {
                Title = "Test accuracy when the images are shifted",
                XTitle = "shift in pixels (mean of four directions)",
                YTitle = "accuracy",
            }
        );
        chart.SavePng(In("shifts.png"));
        page.Section("Shifted images")
            .Paragraph(
                "The models were trained on images as they are; the test images are shifted, with black where nothing is left."
            )
            .Picture(chart, "Each point is the mean of shifts to the right, left, down and up.");
        page.Table(
            ["model", .. places.Select(place => Invariant($"{place} px"))],
            Rows(models, model => [model.Name, .. model.Accuracies.Select(Fraction)])
        );
        WriteCsv(
            "shifts.csv",
            ["model", .. places.Select(place => Invariant($"shift_{place}"))],
            models.Select(model => Numbers(model.Accuracies).Prepend(model.Name))
        );
    }

    private void Orders(ReportPage page)
    {
        page.Section("Rows in another order").Paragraph("One fixed order of the rows, drawn once, in training and test.");
        page.Table(
            ["model", "as they are", "in another order", "difference"],
            Rows(
                plain.Zip(permuted),
                pair =>
                    [
                        pair.First.Name,
                        Fraction(pair.First.TestAccuracy),
                        Fraction(pair.Second.TestAccuracy),
                        Difference(pair.Second.TestAccuracy - pair.First.TestAccuracy),
                    ]
            )
        );
        WriteCsv(
            "permuted_rows.csv",
            ["model", "rows_in_order", "rows_permuted"],
            plain.Zip(permuted, (a, b) => (IEnumerable<object>)[a.Name, a.TestAccuracy, b.TestAccuracy])
        );
    }

    private void Pixels(ReportPage page)
    {
        int epochs = fewRows[0].History.Epochs.Count;
        long samples = fewRows[0].History.Epochs[0].Samples;
        page.Section("Pixel by pixel")
            .Paragraph(
                Invariant($"{data.Height * data.Width} steps of one pixel instead of {data.Height} steps of a row; {samples:n0} ")
                    + $"training images and {epochs} epoch{(epochs == 1 ? "" : "s")} for both, so these numbers compare "
                    + "with one another and not with those above. A convolution does not read in an order: LeNet has no "
                    + "such case."
            );
        page.Table(
            ["model", "row by row", "pixel by pixel", "seconds an epoch, rows", "seconds an epoch, pixels"],
            Rows(
                fewRows.Zip(fewPixels),
                pair =>
                    [
                        pair.First.Name,
                        Fraction(pair.First.TestAccuracy),
                        Fraction(pair.Second.TestAccuracy),
                        Invariant($"{pair.First.SecondsAnEpoch:f2}"),
                        Invariant($"{pair.Second.SecondsAnEpoch:f2}"),
                    ]
            )
        );
        WriteCsv(
            "pixel_by_pixel.csv",
            ["model", "rows", "pixels", "seconds_rows", "seconds_pixels"],
            fewRows.Zip(
                fewPixels,
                (a, b) =>
                    (IEnumerable<object>)
                        [
                            a.Name,
                            a.TestAccuracy,
                            b.TestAccuracy,
                            Invariant($"{a.SecondsAnEpoch:f3}"),
                            Invariant($"{b.SecondsAnEpoch:f3}"),
                        ]
            )
        );
    }

    private void WriteCsv(string name, IEnumerable<string> head, IEnumerable<IEnumerable<object>> rows) =>
        CsvFile.Write(In(name), head, rows);

    private static IReadOnlyList<IReadOnlyList<string>> Rows<T>(IEnumerable<T> of, Func<T, IReadOnlyList<string>> cells) =>
        [.. of.Select(cells)];

    private static IEnumerable<object> Numbers(IEnumerable<double> values) => values.Select(value => Invariant($"{value:f4}"));

    private string In(string name) => Path.Combine(run.RunDirectory, name);

    private static string Fraction(double value) => Invariant($"{value:f4}");

    private static string Difference(double value) => Invariant($"{value:+0.0000;−0.0000}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
