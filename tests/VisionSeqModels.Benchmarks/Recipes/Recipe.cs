namespace VisionSeqModels.Benchmarks.Recipes;

/// <summary>How a LeNet is trained until it reaches an accuracy, here and in pytorch/recipe.py.</summary>
internal sealed record Recipe
{
    /// <summary>MNIST: five epochs of one cycle.</summary>
    public static readonly Recipe Mnist = new()
    {
        Data = "mnist",
        Target = 0.990,
        Epochs = 5,
        BatchSize = 64,
        LearningRate = 3e-3,
    };

    /// <summary>CIFAR-10: a LeNet with more maps, crops, mirrored images and smoothed labels.</summary>
    public static readonly Recipe Cifar10 = new()
    {
        Data = "cifar10",
        Target = 0.70,
        Epochs = 5,
        BatchSize = 64,
        LearningRate = 4e-3,
        Conv1Channels = 16,
        Conv2Channels = 32,
        Fc1Size = 256,
        LabelSmoothing = 0.05,
        Augments = true,
    };

    public required string Data { get; init; }

    /// <summary>The test accuracy to reach at an epoch's end.</summary>
    public required double Target { get; init; }

    /// <summary>Epochs of the one cycle.</summary>
    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>The highest of the cycle; Adam.</summary>
    public required double LearningRate { get; init; }

    public int Conv1Channels { get; init; } = 6;

    public int Conv2Channels { get; init; } = 16;

    public int Fc1Size { get; init; } = 120;

    public double LabelSmoothing { get; init; }

    /// <summary>Whether images are cropped by up to two pixels, and mirrored.</summary>
    public bool Augments { get; init; }

    /// <summary>The padding of the crops.</summary>
    public const int Padding = 2;

    public LeNetOptions Model(ImageDatasets data, long seed) =>
        LeNetOptions.For(data) with
        {
            Conv1Channels = Conv1Channels,
            Conv2Channels = Conv2Channels,
            Fc1Size = Fc1Size,
            Seed = seed,
        };

    public TrainerOptions Options(long seed) =>
        new()
        {
            Epochs = Epochs,
            BatchSize = BatchSize,
            Optimizer = new AdamOptions { LearningRate = LearningRate },
            Schedule = new OneCycleSchedule(),
            Augmentations = Augments ? [new RandomCrop { Padding = Padding }, new RandomHorizontalFlip()] : [],
            Loss = Losses.CrossEntropy(LabelSmoothing),
            Seed = seed,
            Device = "cpu",
        };
}
