using System.Globalization;
using VisionSeqModels;
using VisionSeqModels.Drawing;
using VisionSeqModels.Samples;

/// <summary>Writes what was found: CSV files, charts, and one page to read.</summary>
internal sealed class Report(
    SampleRun run,
    ImageDatasets data,
    List<Trial> plain,
    List<Trial> permuted,
    List<Trial> fewRows,
    List<Trial> fewPixels
)
{
    private const int MostPixels = 6;

    public void Write()
    {
        var page = new ReportPage("LeNet, RNN, LSTM and GRU on the same digits");
        page.Paragraph(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{data.Train.Count:n0} training and {data.Test.Count:n0} test images of {data.Name}; every model "
                    + $"with the same order of samples, optimizer ({run.Arguments.Optimizer}, learning rate "
                    + $"{run.Arguments.LearningRate}), batch size ({run.Arguments.BatchSize}) and number of epochs "
                    + $"({run.Arguments.Epochs})."
            )
        );
        page.Code(CommandText.OfThisProcess);
        Models(page);
        PerClass(page);
        Shifts(page);
        Orders(page);
        page.Save(In("report.html"));
    }

    private void Models(ReportPage page)
    {
        string[] columns = ["model", "test accuracy", "parameters", "seconds an epoch", "samples a second"];
        var rows = plain
            .Select(trial =>
                (IReadOnlyList<string>)
                    [
                        trial.Name,
                        Share(trial.TestAccuracy),
                        Invariant($"{trial.Parameters:n0}"),
                        Invariant($"{trial.SecondsAnEpoch:f2}"),
                        Invariant($"{trial.SamplesASecond:n0}"),
                    ]
            )
            .ToList();
        var best = plain.MaxBy(trial => trial.TestAccuracy)!;
        page.Section("The models").Table(columns, rows, (row, column) => column == 1 && plain[row] == best);
        WriteCsv(
            "models.csv",
            "model,test_accuracy,parameters,seconds_per_epoch,samples_per_second",
            plain.Select(trial =>
                Invariant(
                    $"{trial.Name},{trial.TestAccuracy},{trial.Parameters},{trial.SecondsAnEpoch:f3},{trial.SamplesASecond:f1}"
                )
            )
        );
        var curves = Charts.LearningCurves(plain.ToDictionary(trial => trial.Name, trial => trial.History));
        curves.SavePng(In("curves.png"));
        page.Picture(curves, "Dashed: training; solid: test.");
    }

    private void PerClass(ReportPage page)
    {
        var matrices = plain.Select(trial => trial.Confusion(data.Test)).ToList();
        string[] columns = ["model", .. data.ClassNames];
        var rows = plain
            .Select(
                (trial, i) =>
                    (IReadOnlyList<string>)
                        [trial.Name, .. Enumerable.Range(0, data.ClassNames.Count).Select(c => Share(1 - matrices[i].Recall(c)))]
            )
            .ToList();
        page.Section("Errors by class")
            .Paragraph("The share of each class's test images that the model got wrong.")
            .Table(
                columns,
                rows,
                (row, column) =>
                    column > 0 && matrices[row].Recall(column - 1) == matrices.Max(matrix => matrix.Recall(column - 1))
            );
        WriteCsv(
            "errors_by_class.csv",
            "model," + string.Join(',', data.ClassNames),
            plain.Select(
                (trial, i) =>
                    trial.Name
                    + ","
                    + string.Join(
                        ',',
                        Enumerable.Range(0, data.ClassNames.Count).Select(c => Invariant($"{1 - matrices[i].Recall(c):f4}"))
                    )
            )
        );
    }

    private void Shifts(ReportPage page)
    {
        var shares = plain.ToDictionary(trial => trial.Name, _ => new List<double>());
        for (int pixels = 0; pixels <= MostPixels; pixels++)
        {
            // The mean of a shift to the right, left, down and up.
            (int Right, int Down)[] ways = pixels == 0 ? [(0, 0)] : [(pixels, 0), (-pixels, 0), (0, pixels), (0, -pixels)];
            var sums = plain.ToDictionary(trial => trial.Name, _ => 0.0);
            foreach (var (right, down) in ways)
            {
                using var moved = Experiments.Shift(data.Test, right, down);
                plain.ForEach(trial => sums[trial.Name] += trial.AccuracyOn(moved));
            }

            plain.ForEach(trial => shares[trial.Name].Add(sums[trial.Name] / ways.Length));
        }

        double[] places = [.. Enumerable.Range(0, MostPixels + 1).Select(pixels => (double)pixels)];
        var chart = LineChart.Draw(
            [
                .. shares.Select(entry => new LineSeries
                {
                    Name = entry.Key,
                    X = places,
                    Y = entry.Value,
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
            [.. shares.Select(entry => (IReadOnlyList<string>)[entry.Key, .. entry.Value.Select(Share)])]
        );
        WriteCsv(
            "shifts.csv",
            "model," + string.Join(',', places.Select(place => $"shift_{place}")),
            shares.Select(entry => entry.Key + "," + string.Join(',', entry.Value.Select(value => Invariant($"{value:f4}"))))
        );
    }

    private void Orders(ReportPage page)
    {
        page.Section("Rows in another order").Paragraph("One fixed order of the rows, drawn once, in training and test.");
        page.Table(
            ["model", "as they are", "in another order", "difference"],
            [
                .. plain.Zip(
                    permuted,
                    (a, b) =>
                        (IReadOnlyList<string>)
                            [a.Name, Share(a.TestAccuracy), Share(b.TestAccuracy), Points(b.TestAccuracy - a.TestAccuracy)]
                ),
            ]
        );
        WriteCsv(
            "permuted_rows.csv",
            "model,rows_in_order,rows_permuted",
            plain.Zip(permuted, (a, b) => Invariant($"{a.Name},{a.TestAccuracy},{b.TestAccuracy}"))
        );
        int samples = (int)(fewRows[0].History.Epochs[0].Samples);
        page.Section("Pixel by pixel")
            .Paragraph(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{data.Height * data.Width} steps of one pixel instead of {data.Height} steps of a row; "
                        + $"{samples:n0} training images and {fewRows[0].History.Epochs.Count} epochs for both, so these "
                        + $"figures compare with one another and not with those above. A convolution does not read in an "
                        + $"order: LeNet has no such case."
                )
            );
        page.Table(
            ["model", "row by row", "pixel by pixel", "seconds an epoch, rows", "seconds an epoch, pixels"],
            [
                .. fewRows.Zip(
                    fewPixels,
                    (a, b) =>
                        (IReadOnlyList<string>)
                            [
                                a.Name,
                                Share(a.TestAccuracy),
                                Share(b.TestAccuracy),
                                Invariant($"{a.SecondsAnEpoch:f2}"),
                                Invariant($"{b.SecondsAnEpoch:f2}"),
                            ]
                ),
            ]
        );
        WriteCsv(
            "pixel_by_pixel.csv",
            "model,rows,pixels,seconds_rows,seconds_pixels",
            fewRows.Zip(
                fewPixels,
                (a, b) => Invariant($"{a.Name},{a.TestAccuracy},{b.TestAccuracy},{a.SecondsAnEpoch:f3},{b.SecondsAnEpoch:f3}")
            )
        );
    }

    private void WriteCsv(string name, string head, IEnumerable<string> rows) =>
        File.WriteAllText(In(name), string.Concat(rows.Prepend(head).Select(row => row + "\n")));

    private string In(string name) => Path.Combine(run.RunDirectory, name);

    private static string Share(double value) => Invariant($"{100 * value:f2} %");

    private static string Points(double value) => Invariant($"{100 * value:+0.00;−0.00} points");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
