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
    /// <param name="type">The type of weights, inputs and gradients.</param>
    public static Func<double> ByHand(ImageDataset data, ScalarType type = ScalarType.Float32)
    {
        var request = new BatchRequest { BatchSize = BatchSize, Shuffle = true, Seed = 1 };
        var batches = data.Read(request).Select(batch => (Inputs: batch.Inputs.to_type(type).DetachFromDisposeScope(), Targets: batch.Targets.DetachFromDisposeScope())).ToList();
        var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
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
