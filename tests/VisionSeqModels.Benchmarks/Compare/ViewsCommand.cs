using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using VisionSeqModels.Models;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>What views over a whole data set cost, against an evaluation of it; in turn, several rounds in one process.</summary>
internal static class ViewsCommand
{
    private const int Images = 10_000;
    private const int BatchSize = 256;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Times that everything is run", DefaultValueFactory = _ => 9 };
        var command = new Command("views", "What views over a data set cost against an evaluation") { rounds };
        command.SetAction(line => Run(line.GetValue(rounds)));
        return command;
    }

    private static void Run(int rounds)
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 10,
                TestCount = Images,
                Seed = 1,
            }
        );
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var trainer = new Trainer(new TrainerOptions { Device = "cpu", EvaluationBatchSize = BatchSize });
        Measurement[] measurements =
        [
            new("Trainer.Evaluate", () => Timed(() => trainer.Evaluate(model, data.Test))),
            new("a pass, both layers watched", () => Timed(() => Watch(model, data.Test))),
            new("ActivationStatistics.Measure, both layers", () => Timed(() => ActivationStatistics.Measure(model, data.Test))),
            new(
                "TopActivations.Measure, activation1",
                () => Timed(() => TopActivations.Measure(model, data.Test, new() { Layer = "activation1" }))
            ),
            new(
                "TopActivations.Measure, activation2",
                () => Timed(() => TopActivations.Measure(model, data.Test, new() { Layer = "activation2" }))
            ),
        ];
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"LeNet, {Images} images of 3x32x32, batches of {BatchSize}, {torch.get_num_threads()} threads, "
                    + $"{rounds} rounds after one to warm up"
            )
        );
        for (int round = 0; round <= rounds; round++)
        {
            foreach (var measurement in measurements)
            {
                measurement.RunOnce(keep: round > 0);
            }
        }

        Table.Print([
            ["view", "median ms a batch (range)", "of an evaluation"],
            .. measurements.Select(m => m.Row((Images + BatchSize - 1) / BatchSize, measurements[0])),
        ]);
    }

    /// <summary>What a view that needs nothing of what it sees would cost.</summary>
    private static void Watch(LeNet model, ImageDataset data)
    {
        using var probe = new ModelProbe(model);
        probe.Watch("activation1", _ => { });
        probe.Watch("activation2", _ => { });
        var options = new ActivationStatisticsOptions { BatchSize = BatchSize };
        ViewPass.ForEach(model, data, options, (batch, _) => probe.Run(batch.Inputs), CancellationToken.None);
    }

    private static double Timed(Action action)
    {
        long begin = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
