using TorchSharp;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Faults;

/// <summary>Trainers on several threads of a process, each with a model and data of its own.</summary>
[Collection("Torch")]
public sealed class ConcurrentTrainersTests
{
    private const int Trainers = 3;

    [Fact]
    public void WithoutRandomnessInTheModel_GiveTheSameBitsAsOneAfterAnother()
    {
        string[] alone = [.. Enumerable.Range(0, Trainers).Select(i => Train(i, dropout: 0))];
        string[] together = new string[Trainers];
        Thread[] threads = [.. Enumerable.Range(0, Trainers).Select(i => new Thread(() => together[i] = Train(i, dropout: 0)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(alone, together);
        Assert.Equal(Trainers, alone.Distinct().Count());
    }

    /// <summary>The weights' bytes after some epochs, with the figures of each.</summary>
    private static string Train(int number, double dropout)
    {
        using var scope = NewDisposeScope();
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 96, TestCount = 32, Size = 16, Seed = number });
        using var lenet = VisionModels.LeNet(new LeNetOptions { ImageHeight = 16, ImageWidth = 16, Conv1Channels = 2, Conv2Channels = 4, Fc1Size = 16, Fc2Size = 8, Seed = number });
        using var model = nn.Sequential(("lenet", lenet), ("dropout", nn.Dropout(dropout)));
        var history = new Trainer(new TrainerOptions { Epochs = 4, BatchSize = 8, Seed = number, Device = "cpu" }).Fit(model, data.Train, data.Test);
        string weights = string.Concat(model.state_dict().Values.Select(tensor => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(tensor.bytes))));
        return $"{weights} {string.Join(' ', history["train_loss"].Concat(history["test_accuracy"]).Select(BitConverter.DoubleToInt64Bits))}";
    }
}
