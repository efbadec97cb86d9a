using System.CommandLine;
using System.Globalization;
using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Runs;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Curves;

/// <summary>A ResNet on real CIFAR-10 beside the same model in PyTorch: same initial weights, batches and settings.</summary>
internal static class CurvesCommand
{
    private static readonly string[] Metrics = ["train_loss", "train_accuracy", "test_loss", "test_accuracy"];

    private sealed record Settings(string Data, string Out, int Depth, int Epochs, int Train, int Test, int Threads);

    private static readonly SgdOptions Sgd = new()
    {
        LearningRate = 0.1,
        Momentum = 0.9,
        WeightDecay = 1e-4,
    };

    private const int BatchSize = 128;

    public static Command Create()
    {
        var data = new Option<string>("--data-dir") { Description = "The folder with CIFAR-10's binary files", Required = true };
        var output = new Option<string>("--out")
        {
            Description = "The folder for chart, curves and what PyTorch is given",
            DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "visionseqmodels-curves"),
        };
        Option<int> Number(string name, string description, int value) =>
            new(name) { Description = description, DefaultValueFactory = _ => value };
        var depth = Number("--depth", "Layers with weights, 6n + 2", 20);
        var epochs = Number("--epochs", "Epochs", 4);
        var train = Number("--train-limit", "Training images, the first of the set", 10_000);
        var test = Number("--test-limit", "Test images, the first of the set", 2_000);
        var threads = Number("--threads", "libtorch's threads, in both", 1);
        var command = new Command("curves", "ResNet on CIFAR-10 beside PyTorch: curves of both")
        {
            data,
            output,
            depth,
            epochs,
            train,
            test,
            threads,
        };
        command.SetAction(line =>
            Run(
                new Settings(
                    line.GetRequiredValue(data),
                    line.GetRequiredValue(output),
                    line.GetValue(depth),
                    line.GetValue(epochs),
                    line.GetValue(train),
                    line.GetValue(test),
                    line.GetValue(threads)
                )
            )
        );
        return command;
    }

    private static void Run(Settings settings)
    {
        set_num_threads(settings.Threads);
        using var data = Cifar10.Load(
            settings.Data,
            new DatasetOptions
            {
                Download = false,
                TrainLimit = settings.Train,
                TestLimit = settings.Test,
            }
        );
        using var model = VisionModels.ResNet(ResNetOptions.OfDepth(settings.Depth) with { Seed = 1 });
        PyTorch.Write(data.Train, Path.Combine(settings.Out, "train"));
        PyTorch.Write(data.Test, Path.Combine(settings.Out, "test"));
        model.SaveWeights(Path.Combine(settings.Out, "initial.safetensors"));
        var own = new Trainer(
            new TrainerOptions
            {
                Epochs = settings.Epochs,
                BatchSize = BatchSize,
                Optimizer = Sgd,
                Shuffle = false, // the set's own order, which is random: PyTorch has the same
                Seed = 1,
                Device = "cpu",
            }
        )
        {
            Callbacks = { new ProgressReporter(Console.Out) },
        }.Fit(model, data.Train, data.Test);
        var other = Theirs(settings);
        Print(settings, own, other);
        var curves = new Dictionary<string, TrainingHistory>
        {
            ["VisionSeqModels"] = own,
            [$"PyTorch {PyTorch.Version}"] = other,
        };
        string chart = Path.Combine(settings.Out, "resnet-curves.png");
        Charts.LearningCurves(curves).SavePng(chart);
        Console.WriteLine($"chart: {chart}");
    }

    private static TrainingHistory Theirs(Settings settings)
    {
        string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
        var history = new TrainingHistory();
        foreach (
            var line in PyTorch.Lines(
                "resnet.py",
                settings.Out,
                "--depth",
                Text(settings.Depth),
                "--epochs",
                Text(settings.Epochs),
                "--batch-size",
                Text(BatchSize),
                "--lr",
                Text(Sgd.LearningRate),
                "--momentum",
                Text(Sgd.Momentum),
                "--weight-decay",
                Text(Sgd.WeightDecay),
                "--threads",
                Text(settings.Threads)
            )
        )
        {
            double seconds = line.GetProperty("seconds").GetDouble();
            history.Add(
                new EpochRecord
                {
                    Epoch = history.Epochs.Count + 1,
                    Metrics = Metrics.ToDictionary(metric => metric, metric => line.GetProperty(metric).GetDouble()),
                    LearningRate = Sgd.LearningRate,
                    Seconds = seconds,
                    SamplesPerSecond = settings.Train / seconds,
                    Steps = (settings.Train + BatchSize - 1) / BatchSize,
                    Samples = settings.Train,
                }
            );
        }

        return history;
    }

    private static void Print(Settings settings, TrainingHistory own, TrainingHistory other)
    {
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Machine.Describe().Processor}; ResNet-{settings.Depth}, {settings.Train:n0} training and "
                    + $"{settings.Test:n0} test images of CIFAR-10, batches of {BatchSize}, {settings.Threads} thread(s); "
                    + $"each cell: VisionSeqModels / PyTorch"
            )
        );
        string Pair(int epoch, Func<EpochRecord, double> value, string format) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{value(own.Epochs[epoch]).ToString(format, CultureInfo.InvariantCulture)} / "
                    + $"{value(other.Epochs[epoch]).ToString(format, CultureInfo.InvariantCulture)}"
            );
        Table.Print([
            ["epoch", .. Metrics.Select(metric => metric.Replace('_', ' ')), "seconds of training"],
            .. Enumerable
                .Range(0, settings.Epochs)
                .Select(i =>
                    (string[])
                        [
                            (i + 1).ToString(CultureInfo.InvariantCulture),
                            .. Metrics.Select(metric => Pair(i, epoch => epoch[metric]!.Value, "f4")),
                            Pair(i, epoch => epoch.Seconds, "f1"),
                        ]
                ),
        ]);
    }
}
