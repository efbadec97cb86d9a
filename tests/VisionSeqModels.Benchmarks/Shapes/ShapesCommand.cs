using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Shapes;

/// <summary>The own kernels against libtorch over shapes, in turn call by call, and whether the library chooses the
/// faster. A row of its tables is a layer; a cell has all batches.</summary>
internal static class ShapesCommand
{
    private const double Most = 1.05;
    private const long MostNumbers = 64L * 1024 * 1024; // the memory of a small machine, and the time for one
    private static readonly string[] Kinds = ["convolutions", "rnn", "lstm", "gru"];
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static Command Create()
    {
        var kinds = ListOption.Of("--kinds", "Which", Kinds, Kinds);
        var threads = ListOption.Of("--threads", "Threads of libtorch", 1, 2);
        var batches = ListOption.Of("--batches", "Images or sequences", 1, 8, 64, 512);
        var channels = ListOption.Of("--channels", "Of the second convolution; the first has half", 2, 16, 32, 64, 128);
        var inputs = ListOption.Of("--inputs", "Channels of the images", 1, 3);
        var sides = ListOption.Of("--sides", "Of the images", 12, 28, 32, 64);
        var hidden = ListOption.Of("--hidden", "Units of the recurrent layers", 16, 64, 128, 256, 512, 1024);
        var seconds = new Option<double>("--seconds") { Description = "For a pair of times", DefaultValueFactory = _ => 0.4 };
        var json = new Option<string?>("--json") { Description = "A file for all times" };
        var command = new Command("shapes", "Own kernels against libtorch over shapes, and what the library chooses")
        {
            kinds,
            threads,
            batches,
            channels,
            inputs,
            sides,
            hidden,
            seconds,
            json,
        };
        command.SetAction(line =>
        {
            Console.WriteLine("Own kernel / libtorch; in brackets where libtorch is chosen.\n");
            var rows = new List<(string Name, int Batch, Dictionary<string, ShapeTimes> Times)>();
            foreach (string kind in line.GetValue(kinds)!)
            {
                int first = rows.Count;
                foreach (int batch in line.GetValue(batches)!)
                {
                    var makers =
                        kind == Kinds[0]
                            ? Convolutions(line.GetValue(channels)!, line.GetValue(sides)!, line.GetValue(inputs)!, batch)
                            : line.GetValue(hidden)!
                                .Where(units => (long)units * units * batch <= MostNumbers)
                                .Select(units => Recurrent(kind, units, batch));
                    rows.AddRange(makers.Select(make => Measure(make, line.GetValue(threads)!, line.GetValue(seconds))));
                }

                Print([.. rows.Skip(first)], line.GetValue(batches)!);
            }

            PrintChoices([.. rows.SelectMany(row => row.Times.Values.Select(times => times.Cost))]);
            if (line.GetValue(json) is string file)
            {
                var all = rows.Select(row => new
                {
                    row.Name,
                    row.Batch,
                    row.Times,
                });
                File.WriteAllText(file, JsonSerializer.Serialize(all, Indented));
            }
        });
        return command;
    }

    private static IEnumerable<Func<ShapeCase>> Convolutions(int[] channels, int[] sides, int[] inputs, int batch) =>
        from count in channels
        from side in sides
        from input in inputs
        where (long)count * side * side * batch <= MostNumbers
        select (Func<ShapeCase>)(
            () =>
                ShapeCase.Convolutions(
                    new LeNetOptions
                    {
                        InputChannels = input,
                        ImageHeight = side,
                        ImageWidth = side,
                        Conv1Channels = Math.Max(1, count / 2),
                        Conv2Channels = count,
                        KernelSize = side < 16 ? 3 : 5,
                    },
                    batch
                )
        );

    private static Func<ShapeCase> Recurrent(string kind, int units, int batch) =>
        () => ShapeCase.Recurrent(Enum.Parse<RecurrentCell>(kind, ignoreCase: true), units, batch);

    private static (string, int, Dictionary<string, ShapeTimes>) Measure(Func<ShapeCase> make, int[] threads, double seconds)
    {
        using var scope = NewDisposeScope();
        var shape = make();
        using var module = shape.Module;
        var times = new Dictionary<string, ShapeTimes>();
        foreach (int count in threads)
        {
            set_num_threads(count);
            string text = count == 1 ? "1 thread" : $"{PyTorch.Text(count)} threads";
            times[$"training, {text}"] = ShapeTimes.Measure(shape, trains: true, seconds);
            times[$"without gradients, {text}"] = ShapeTimes.Measure(shape, trains: false, seconds);
        }

        return (shape.Name, shape.Batch, times);
    }

    private static void Print(IReadOnlyList<(string Name, int Batch, Dictionary<string, ShapeTimes> Times)> rows, int[] batches)
    {
        if (rows.Count > 0)
        {
            var layers = rows.GroupBy(row => row.Name).ToList();
            Table.Print([
                [$"layer, batches of {string.Join(", ", batches.Select(PyTorch.Text))}", .. rows[0].Times.Keys],
                .. layers.Select(layer =>
                    (string[])
                        [
                            layer.Key,
                            .. rows[0]
                                .Times.Keys.Select(column =>
                                    string.Join(
                                        ' ',
                                        batches.Select(batch =>
                                            Cell(layer.FirstOrDefault(row => row.Batch == batch).Times?[column])
                                        )
                                    )
                                ),
                        ]
                ),
            ]);
        }
    }

    /// <summary>How the choices do: what they take of libtorch's time.</summary>
    private static void PrintChoices(double[] costs) =>
        Table.Print(
            ["choices", FormattableString.Invariant($"above {Most} of libtorch's time"), "the largest"],
            [
                PyTorch.Text(costs.Length),
                PyTorch.Text(costs.Count(cost => cost > Most)),
                costs.Max().ToString("f2", CultureInfo.InvariantCulture),
            ]
        );

    /// <summary>A ratio, or a dash for what was too large to measure.</summary>
    private static string Cell(ShapeTimes? times)
    {
        if (times is null)
        {
            return "–";
        }

        string ratio = times.Ratio.ToString("f2", CultureInfo.InvariantCulture);
        return times.IsChosen ? ratio : $"[{ratio}]";
    }
}
