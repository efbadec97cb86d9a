using System.CommandLine;
using System.Globalization;
using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.LowPrecision;

/// <summary>Accuracy with bfloat16 passes beside float32, with the same seeds.</summary>
internal static class PrecisionCommand
{
    private sealed record Settings(string Data, string? Folder, string[] Models, int Seeds, int Epochs, int Train, int Test);

    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = "mnist, cifar10 or synthetic",
            DefaultValueFactory = _ => "synthetic",
        };
        var folder = new Option<string?>("--data-dir") { Description = "The folder with the data set's files" };
        var models = new Option<string[]>("--models")
        {
            Description = "lenet, rnn, lstm, gru",
            DefaultValueFactory = _ => ["lenet", "gru"],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int> Number(string name, string description, int value) =>
            new(name) { Description = description, DefaultValueFactory = _ => value };
        var seeds = Number("--seeds", "Seeds, from 1", 5);
        var epochs = Number("--epochs", "Epochs", 5);
        var train = Number("--train-limit", "Training images, the first of the set", 10_000);
        var test = Number("--test-limit", "Test images, the first of the set", 2_000);
        var command = new Command("precision", "Accuracy with bfloat16 passes beside float32")
        {
            data,
            folder,
            models,
            seeds,
            epochs,
            train,
            test,
        };
        command.SetAction(line =>
            Run(
                new Settings(
                    line.GetValue(data)!,
                    line.GetValue(folder),
                    line.GetValue(models)!,
                    line.GetValue(seeds),
                    line.GetValue(epochs),
                    line.GetValue(train),
                    line.GetValue(test)
                )
            )
        );
        return command;
    }

    private static void Run(Settings settings)
    {
        using var data = Load(settings);
        var rows = new List<string[]>
        {
            new[]
            {
                "data",
                "model",
                "float32 (deviation)",
                "bfloat16 (deviation)",
                "mean difference (95 % interval)",
                "seconds / seconds",
            },
        };
        foreach (string model in settings.Models)
        {
            var exact = new List<(double Accuracy, double Seconds)>();
            var rounded = new List<(double Accuracy, double Seconds)>();
            for (int seed = 1; seed <= settings.Seeds; seed++)
            {
                exact.Add(Fit(settings, data, model, seed, TrainingPrecision.Float32));
                rounded.Add(Fit(settings, data, model, seed, TrainingPrecision.BFloat16));
                Console.Error.WriteLine(
                    FormattableString.Invariant(
                        $"{model} seed {seed}: {exact[^1].Accuracy:f4} in float32, {rounded[^1].Accuracy:f4} in bfloat16"
                    )
                );
            }

            double[] differences = [.. rounded.Zip(exact, (one, other) => one.Accuracy - other.Accuracy)];
            double error = 1.96 * Deviation(differences) / Math.Sqrt(differences.Length);
            double mean = differences.Average();
            rows.Add([
                settings.Data,
                model,
                Cell([.. exact.Select(run => run.Accuracy)]),
                Cell([.. rounded.Select(run => run.Accuracy)]),
                FormattableString.Invariant(
                    $"{mean:+0.0000;-0.0000} ({mean - error:+0.0000;-0.0000} to {mean + error:+0.0000;-0.0000})"
                ),
                FormattableString.Invariant($"{rounded.Average(run => run.Seconds) / exact.Average(run => run.Seconds):f2}"),
            ]);
        }

        Table.Print(rows);
    }

    private static ImageDatasets Load(Settings settings)
    {
        var options = new DatasetOptions
        {
            Download = false,
            TrainLimit = settings.Train,
            TestLimit = settings.Test,
        };
        return settings.Data switch
        {
            "mnist" => Mnist.Load(settings.Folder, options),
            "cifar10" => Cifar10.Load(settings.Folder, options),
            "synthetic" => SyntheticImages.Create(new() { TrainCount = settings.Train, TestCount = settings.Test }),
            _ => throw new ArgumentException($"--data must be mnist, cifar10 or synthetic, but is '{settings.Data}'."),
        };
    }

    private static (double Accuracy, double Seconds) Fit(
        Settings settings,
        ImageDatasets data,
        string name,
        int seed,
        TrainingPrecision precision
    )
    {
        using nn.Module<Tensor, Tensor> model =
            name == "lenet"
                ? VisionModels.LeNet(LeNetOptions.For(data) with { Seed = seed })
                : SequenceModels.Build(
                    Enum.Parse<RecurrentCell>(name, ignoreCase: true),
                    RecurrentOptions.For(data) with
                    {
                        Seed = seed,
                    }
                );
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = settings.Epochs,
                Seed = seed,
                Precision = precision,
            }
        );
        var history = trainer.Fit(model, data.Train, data.Test);
        return (history.Epochs[^1].Metrics["test_accuracy"], history.Epochs.Sum(epoch => epoch.Seconds));
    }

    private static string Cell(double[] values) =>
        string.Create(CultureInfo.InvariantCulture, $"{values.Average():f4} ({Deviation(values):f4})");

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Length - 1));
    }
}
