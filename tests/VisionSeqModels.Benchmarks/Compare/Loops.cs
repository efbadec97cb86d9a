using System.Diagnostics;
using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>The same training written in several ways. Each function trains one epoch and returns its seconds.</summary>
internal static class Loops
{
    public const int BatchSize = 64;

    /// <summary>What somebody writes who knows TorchSharp well: no data to prepare, no metrics, one dispose scope a step.</summary>
    /// <param name="data">The images.</param>
    /// <param name="model">The network; it is moved to the type.</param>
    /// <param name="type">The type of weights, inputs and gradients.</param>
    public static Func<double> ByHand(ImageDataset data, nn.Module<Tensor, Tensor> model, ScalarType type = ScalarType.Float32)
    {
        var request = new BatchRequest { BatchSize = BatchSize, Shuffle = true, Seed = 1 };
        var batches = data.Read(request).Select(batch => (Inputs: batch.Inputs.to_type(type).DetachFromDisposeScope(), Targets: batch.Targets.DetachFromDisposeScope())).ToList();
        model.to(type);
        var optimizer = optim.Adam(model.parameters(), lr: 1e-3);
        var crossEntropy = nn.CrossEntropyLoss();
        return () =>
        {
            model.train();
            long begin = Stopwatch.GetTimestamp();
            foreach (var (inputs, targets) in batches)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var loss = crossEntropy.call(model.call(inputs), targets);
                loss.backward();
                optimizer.step();
            }

            return Stopwatch.GetElapsedTime(begin).TotalSeconds;
        };
    }

    /// <summary>A LeNet of TorchSharp's modules alone.</summary>
    public static nn.Module<Tensor, Tensor> PlainLeNet() => nn.Sequential(
        ("conv1", nn.Conv2d(3, 6, 5)), ("relu1", nn.ReLU()), ("pool1", nn.MaxPool2d(2)), ("conv2", nn.Conv2d(6, 16, 5)), ("relu2", nn.ReLU()), ("pool2", nn.MaxPool2d(2)),
        ("flat", nn.Flatten()), ("fc1", nn.Linear(400, 120)), ("relu3", nn.ReLU()), ("fc2", nn.Linear(120, 84)), ("relu4", nn.ReLU()), ("fc3", nn.Linear(84, 10)));

    /// <summary>The trainer, batching, metrics and end-of-epoch callbacks included; the end of the whole run is not an epoch's cost.</summary>
    public static Func<double> Trainer(ImageDataset data, bool withRunDirectory) => () =>
    {
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        string? directory = withRunDirectory ? Directory.CreateTempSubdirectory("visionseq-compare-").FullName : null;
        var clock = new EpochClock();
        var options = new TrainerOptions { Epochs = 3, BatchSize = BatchSize, Seed = 1, RunDirectory = directory, Device = "cpu" };
        new Trainer(options) { Callbacks = { clock } }.Fit(model, data);
        if (directory is not null)
        {
            Directory.Delete(directory, recursive: true);
        }

        return clock.SecondEpoch;
    };

    /// <summary>From the beginning of the second epoch to that of the third, so that every callback of its end is counted.</summary>
    private sealed class EpochClock : Callback
    {
        private long _begin;

        public double SecondEpoch { get; private set; }

        public override void OnEpochStart(EpochStartEvent e)
        {
            if (e.Epoch == 3)
            {
                SecondEpoch = Stopwatch.GetElapsedTime(_begin).TotalSeconds;
                e.Context.RequestStop("measured");
            }

            _begin = Stopwatch.GetTimestamp();
        }
    }
}
