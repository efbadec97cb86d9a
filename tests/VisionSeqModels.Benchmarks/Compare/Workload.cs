using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>A model of the homework, and images of the kind it is trained on: CIFAR-10's for LeNet, MNIST's rows for the
/// recurrent ones.</summary>
internal sealed record Workload(string Name, ImageDataset Images)
{
    public const int BatchSize = 64;
    public static readonly string[] Names = ["lenet", "rnn", "lstm", "gru"];

    /// <summary>The same initial weights each time.</summary>
    public nn.Module<Tensor, Tensor> Model() =>
        Name switch
        {
            "lenet" => VisionModels.LeNet(new LeNetOptions { Seed = 1 }),
            "rnn" => SequenceModels.Rnn(new RecurrentOptions { Seed = 1 }),
            "lstm" => SequenceModels.Lstm(new RecurrentOptions { Seed = 1 }),
            "gru" => SequenceModels.Gru(new RecurrentOptions { Seed = 1 }),
            _ => throw new ArgumentOutOfRangeException(nameof(Name), Name, "No such model."),
        };

    /// <summary>Real images where a folder has them, else drawn ones of the same shape.</summary>
    public static ImageDataset Load(string name, int count, string? dataDirectory)
    {
        bool color = name == "lenet";
        if (dataDirectory is null)
        {
            var drawn = SyntheticImages.Create(
                new SyntheticImagesOptions
                {
                    TrainCount = count,
                    TestCount = 10,
                    Channels = color ? 3 : 1,
                    Size = color ? 32 : 28,
                }
            );
            drawn.Test.Dispose();
            return drawn.Train;
        }

        var options = new DatasetOptions
        {
            Download = false,
            TrainLimit = count,
            TestLimit = 1,
        };
        var real = color ? Cifar10.Load(dataDirectory, options) : Mnist.Load(dataDirectory, options);
        real.Test.Dispose();
        return real.Train;
    }

    /// <summary>A LeNet of TorchSharp's modules alone.</summary>
    public static nn.Module<Tensor, Tensor> PlainLeNet() =>
        nn.Sequential(
            ("conv1", nn.Conv2d(3, 6, 5)),
            ("relu1", nn.ReLU()),
            ("pool1", nn.MaxPool2d(2)),
            ("conv2", nn.Conv2d(6, 16, 5)),
            ("relu2", nn.ReLU()),
            ("pool2", nn.MaxPool2d(2)),
            ("flat", nn.Flatten()),
            ("fc1", nn.Linear(400, 120)),
            ("relu3", nn.ReLU()),
            ("fc2", nn.Linear(120, 84)),
            ("relu4", nn.ReLU()),
            ("fc3", nn.Linear(84, 10))
        );
}
