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

    /// <summary>Whether the sample continues what is in its run folder without <c>--resume</c>, as a study does; default
    /// false.</summary>
    public bool Continues { get; init; }

    /// <summary>What <c>--data</c> may be; default all that <c>LoadData</c> knows.</summary>
    public IReadOnlyList<string> DataNames { get; init; } = ["auto", "cifar10", "mnist", "fashion-mnist", "synthetic"];

    /// <summary>Shared flags that this sample has no use for, such as <c>--momentum</c>: it refuses them. Default none.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>Flags that make no sense together, or alone: says what is wrong with the command line, or null. The text begins
    /// with a flag.</summary>
    public Func<SampleLine, string?>? Check { get; init; }

    /// <summary>Flags that are for the study alone, in a sample that has a final run besides; default none.</summary>
    public IReadOnlyList<string> OfStudies { get; init; } = [];

    /// <summary>Whether SGD is used whatever <c>--optimizer</c> says, since a study compares optimizers; default never.</summary>
    public Func<SampleLine, bool> StudiesOptimizers { get; init; } = _ => false;

    /// <summary>Epochs with <c>--quick</c>; default 2.</summary>
    public int QuickEpochs { get; init; } = 2;

    /// <summary>Learning rate with <c>--quick</c>, where few steps need a larger one; null (default) for
    /// <see cref="LearningRate"/>.</summary>
    public double? QuickLearningRate { get; init; }

    /// <summary>Seed of the run; default 1.</summary>
    public long Seed { get; init; } = 1;
}
