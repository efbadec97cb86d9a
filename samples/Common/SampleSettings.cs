namespace VisionSeqModels.Samples;

/// <summary>What a sample does where the command line is silent.</summary>
public sealed record SampleSettings
{
    /// <summary>The name of the run folder's beginning, for example <c>cifar10-lenet</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for <c>--help</c>.</summary>
    public required string Description { get; init; }

    /// <summary>The data set that <c>--data auto</c> looks for: cifar10, mnist or fashion-mnist.</summary>
    public string NaturalData { get; init; } = "cifar10";

    /// <summary>Epochs; default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Batch size; default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Optimizer: adam (default) or sgd.</summary>
    public string Optimizer { get; init; } = "adam";

    /// <summary>Learning rate; default 0.001.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Momentum of SGD; default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The run folder where the command line has no <c>--out</c>; null (default) for a new one under runs/.</summary>
    public string? RunDirectory { get; init; }

    /// <summary>Training samples of <c>--quick</c>; default 2000.</summary>
    public int QuickTrainLimit { get; init; } = 2000;

    /// <summary>Test samples of <c>--quick</c>; default 500.</summary>
    public int QuickTestLimit { get; init; } = 500;

    /// <summary>Seed of the run; default 1.</summary>
    public long Seed { get; init; } = 1;
}
