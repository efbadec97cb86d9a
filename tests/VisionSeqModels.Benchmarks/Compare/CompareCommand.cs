using System.Globalization;
using System.Text.Json;
using TorchSharp;
using VisionSeqModels.Runtime;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>Runs the loops in turn, several rounds in one process, and prints medians and their ratios to the first.</summary>
internal static class CompareCommand
{
    public static int Run(string[] args)
    {
        int rounds = Argument(args, "--rounds", 7);
        int steps = Argument(args, "--steps", 400);
        string? file = args.SkipWhile(argument => argument != "--out").Skip(1).FirstOrDefault();
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = steps * Loops.BatchSize, TestCount = 100, Seed = 1 });
        Measurement[] measurements =
        [
            new("hand-written loop, TorchSharp's modules alone", Loops.ByHand(data.Train, Loops.PlainLeNet())),
            new("hand-written loop, VisionModels.LeNet", Loops.ByHand(data.Train, VisionModels.LeNet(new LeNetOptions { Seed = 1 }))),
            new("hand-written loop, the same in bfloat16", Loops.ByHand(data.Train, VisionModels.LeNet(new LeNetOptions { Seed = 1 }), torch.ScalarType.BFloat16)),
            new("Trainer.Fit, no callbacks", Loops.Trainer(data.Train, withRunDirectory: false)),
            new("Trainer.Fit, run folder and its callbacks", Loops.Trainer(data.Train, withRunDirectory: true)),
        ];

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"LeNet, 3x32x32, batch {Loops.BatchSize}, {steps} steps an epoch, Adam, {torch.get_num_threads()} threads, {rounds} rounds after one to warm up"));
        for (int round = 0; round <= rounds; round++)
        {
            foreach (var measurement in measurements)
            {
                measurement.RunOnce(keep: round > 0);
            }
        }

        foreach (var measurement in measurements)
        {
            Console.WriteLine(measurement.Row(steps, measurements[0]));
        }

        if (file is not null)
        {
            var content = new { runtime = TorchRuntime.Describe(), steps, rounds, rows = measurements.Select(m => new { m.Name, m.Seconds, m.Median }) };
            File.WriteAllText(file, JsonSerializer.Serialize(content, JsonSerializerOptions.Web));
        }

        return 0;
    }

    private static int Argument(string[] args, string name, int fallback)
    {
        int at = Array.IndexOf(args, name);
        return at < 0 ? fallback : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
    }
}
