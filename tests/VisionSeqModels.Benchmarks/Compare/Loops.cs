using System.Diagnostics;
using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary> The same training written in several ways: Adam, batches of 64, a new model each time (what a step costs
/// depends on how far training is), one epoch to warm up and one that is timed. </summary>
internal static class Loops
{
    private const double LearningRate = 1e-3;

    /// <summary>What somebody writes who knows TorchSharp well; the batches are made beforehand.</summary>
    public static double ByHand(nn.Module<Tensor, Tensor> model, IReadOnlyList<(Tensor Inputs, Tensor Targets)> batches)
    {
        using var optimizer = optim.Adam(model.parameters(), LearningRate);
        var crossEntropy = nn.CrossEntropyLoss();
        return SecondEpoch(
            model,
            () =>
            {
                foreach (var (inputs, targets) in batches)
                {
                    using var scope = NewDisposeScope();
                    optimizer.zero_grad();
                    var loss = crossEntropy.call(model.call(inputs), targets);
                    loss.backward();
                    optimizer.step();
                }
            }
        );
    }

    /// <summary>The loop of TorchSharp's own examples, with its data set and loader classes, shuffled, all else as by
    /// default.</summary>
    public static double ByExample(nn.Module<Tensor, Tensor> model, utils.data.Dataset samples)
    {
        using var optimizer = optim.Adam(model.parameters(), LearningRate);
        var crossEntropy = nn.CrossEntropyLoss();
        // not disposed: the samples serve other rounds
        var loader = utils.data.DataLoader(samples, Workload.BatchSize, shuffle: true);
        return SecondEpoch(
            model,
            () =>
            {
                long correct = 0;
                using var scope = NewDisposeScope();
                foreach (var batch in loader)
                {
                    optimizer.zero_grad();
                    var prediction = model.call(batch["data"]);
                    var loss = crossEntropy.call(prediction, batch["label"]);
                    loss.backward();
                    optimizer.step();
                    correct += prediction.argmax(1).eq(batch["label"]).sum().ToInt64();
                    scope.DisposeEverything();
                }
            }
        );
    }

    /// <summary>The trainer: batching, shuffling, metrics and what callbacks do at an epoch's end included, the end of the
    /// whole run not.</summary>
    public static double Trainer(nn.Module<Tensor, Tensor> model, IBatchSource data, bool withRunFolder)
    {
        string? folder = withRunFolder ? Directory.CreateTempSubdirectory("visionseq-compare-").FullName : null;
        var clock = new EpochClock();
        var options = new TrainerOptions
        {
            Epochs = 3,
            BatchSize = Workload.BatchSize,
            Seed = 1,
            RunDirectory = folder,
            Device = "cpu",
        };
        using (model)
        {
            new Trainer(options) { Callbacks = { clock } }.Fit(model, data);
        }

        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }

        return clock.SecondEpoch;
    }

    private static double SecondEpoch(nn.Module<Tensor, Tensor> model, Action epoch)
    {
        using (model)
        {
            model.train();
            epoch();
            long begin = Stopwatch.GetTimestamp();
            epoch();
            return Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
    }

    /// <summary>From the beginning of the second epoch to that of the third.</summary>
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
