using System.Security.Cryptography;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Faults;

/// <summary>Trainers on several threads of a process, each with a model and data of its own.</summary>
[Collection("Torch")]
public sealed class ConcurrentTrainersTests
{
    private const int Trainers = 3;
    private static readonly LeNetOptions Small = new()
    {
        ImageHeight = 16,
        ImageWidth = 16,
        Conv1Channels = 2,
        Conv2Channels = 4,
        Fc1Size = 16,
        Fc2Size = 8,
    };

    [Fact]
    public void WithoutRandomnessInTheModel_GiveTheSameBitsAsOneAfterAnother()
    {
        string[] alone = [.. Enumerable.Range(0, Trainers).Select(i => Train(i))];
        Assert.Equal(Trainers, alone.Distinct().Count());
        Assert.Equal(alone, Together(i => Train(i)));
    }

    /// <summary>Seeds are drawn from one generator; builders of an earlier version mixed up each other's.</summary>
    [Fact]
    public void ModelsBuiltAtOnce_HaveTheWeightsOfTheirSeeds()
    {
        string[] alone = [.. Enumerable.Range(0, Trainers).Select(seed => Build(seed))];
        string[][] together = Together(seed => Enumerable.Range(0, 50).Select(_ => Build(seed)).ToArray());
        Assert.All(together, (builds, seed) => Assert.All(builds, build => Assert.Equal(alone[seed], build)));
    }

    /// <summary>libtorch has one generator for the process; trainings take turns with it for what they draw.</summary>
    [Fact]
    public void WithDropout_GiveTheSameBitsAsOneAfterAnother()
    {
        string[] alone = [.. Enumerable.Range(0, Trainers).Select(i => TrainWithDropout(i))];
        Assert.Equal(Trainers, alone.Distinct().Count());
        Assert.Equal(alone, Together(TrainWithDropout));
    }

    /// <summary>OpenMP's threads wait by spinning: more of them than cores is a trap that nobody sees.</summary>
    [Fact]
    public void MoreThreadsThanCores_AreWarnedOf_AndNoFewer()
    {
        Assert.Contains(
            "threads that outnumber the cores",
            Assert.Single(WarningsOfTheSecond(threads: Environment.ProcessorCount)),
            StringComparison.Ordinal
        );
        if (Environment.ProcessorCount > 1)
        {
            Assert.Empty(WarningsOfTheSecond(threads: 1));
        }

        var logger = new ListLogger();
        Train(3, logger: logger);
        Assert.Empty(logger.Warnings);
    }

    private static List<string> WarningsOfTheSecond(int threads)
    {
        var logger = new ListLogger();
        var second = new Thread(() =>
        {
            using var few = new ThreadCount(threads);
            Train(2, logger: logger);
        });
        Train(
            1,
            new TracingCallback([])
            {
                At = "StepEnd 2",
                Act = _ =>
                {
                    second.Start();
                    second.Join();
                },
            }
        );
        return [.. logger.Warnings];
    }

    private static T[] Together<T>(Func<int, T> work)
    {
        var results = new T[Trainers];
        Thread[] threads = [.. Enumerable.Range(0, Trainers).Select(i => new Thread(() => results[i] = work(i)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return results;
    }

    private static string TrainWithDropout(int number)
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 96,
                TestCount = 32,
                Size = 16,
                Channels = 1,
                Seed = number,
            }
        );
        using var model = SequenceModels.Lstm(
            RecurrentOptions.For(data) with
            {
                HiddenSize = 8,
                LayerCount = 2,
                Dropout = 0.5,
                Seed = number,
            }
        );
        var history = new Trainer(
            new TrainerOptions
            {
                Epochs = 4,
                BatchSize = 8,
                Seed = number,
                Device = "cpu",
            }
        ).Fit(model, data.Train, data.Test);
        return $"{Weights(model)} {string.Join(' ', history["train_loss"].Select(BitConverter.DoubleToInt64Bits))}";
    }

    private static string Build(int seed)
    {
        using var model = VisionModels.LeNet(Small with { Seed = seed });
        return Weights(model);
    }

    /// <summary>The weights' bytes after some epochs, with the metrics of each.</summary>
    private static string Train(int number, Callback? callback = null, ListLogger? logger = null)
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 96,
                TestCount = 32,
                Size = 16,
                Seed = number,
            }
        );
        using var model = VisionModels.LeNet(Small with { Seed = number });
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = 4,
                BatchSize = 8,
                Seed = number,
                Device = "cpu",
            },
            logger
        );
        if (callback is not null)
        {
            trainer.Callbacks.Add(callback);
        }

        var history = trainer.Fit(model, data.Train, data.Test);
        var metrics = history["train_loss"].Concat(history["test_accuracy"]);
        return $"{Weights(model)} {string.Join(' ', metrics.Select(BitConverter.DoubleToInt64Bits))}";
    }

    private static string Weights(nn.Module model)
    {
        using var scope = NewDisposeScope();
        return string.Concat(model.state_dict().Values.Select(tensor => Convert.ToHexString(SHA256.HashData(tensor.bytes))));
    }
}
