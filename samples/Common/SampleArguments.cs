using System.CommandLine;

namespace VisionSeqModels.Samples;

/// <summary>The command line of a sample, with the sample's own settings where it was silent.</summary>
public sealed record SampleArguments
{
    internal SampleArguments(ParseResult line, SampleFlags flags, SampleSettings settings)
    {
        Quick = line.GetValue(flags.Quick);
        Verbose = line.GetValue(flags.Verbose);
        Data = line.GetValue(flags.Data) ?? "auto";
        DataDirectory = line.GetValue(flags.DataDirectory);
        Epochs = (int)(line.GetValue(flags.Epochs) ?? (Quick ? settings.QuickEpochs : settings.Epochs));
        BatchSize = (int)(line.GetValue(flags.BatchSize) ?? settings.BatchSize);
        LearningRate = line.GetValue(flags.LearningRate) ?? (Quick ? settings.QuickLearningRate : null) ?? settings.LearningRate;
        Optimizer = line.GetValue(flags.Optimizer) ?? settings.Optimizer;
        Momentum = line.GetValue(flags.Momentum) ?? settings.Momentum;
        Seed = line.GetValue(flags.Seed) ?? settings.Seed;
        TrainLimit = (int?)(line.GetValue(flags.TrainLimit) ?? (Quick ? settings.QuickTrainLimit : null));
        TestLimit = (int?)(line.GetValue(flags.TestLimit) ?? (Quick ? settings.QuickTestLimit : null));
        Device = line.GetValue(flags.Device) ?? "auto";
        Threads = (int?)line.GetValue(flags.Threads);
        RunDirectory = line.GetValue(flags.Out);
        Resume = line.GetValue(flags.Resume);
    }

    /// <summary>auto, cifar10, mnist, fashion-mnist or synthetic.</summary>
    public string Data { get; }

    /// <summary>Where the data is; null for the per-user cache folder.</summary>
    public string? DataDirectory { get; }

    /// <summary>Epochs, at least 1.</summary>
    public int Epochs { get; }

    /// <summary>Batch size, at least 1.</summary>
    public int BatchSize { get; }

    /// <summary>Learning rate, above 0.</summary>
    public double LearningRate { get; }

    /// <summary>adam or sgd.</summary>
    public string Optimizer { get; }

    /// <summary>Momentum of SGD.</summary>
    public double Momentum { get; }

    /// <summary>The seed of everything.</summary>
    public long Seed { get; }

    /// <summary>How many training samples to use; null for all.</summary>
    public int? TrainLimit { get; }

    /// <summary>How many test samples to use; null for all.</summary>
    public int? TestLimit { get; }

    /// <summary>auto, cpu or cuda.</summary>
    public string Device { get; }

    /// <summary>CPU threads; null for libtorch's choice.</summary>
    public int? Threads { get; }

    /// <summary>The run folder; null for a new one under runs/.</summary>
    public string? RunDirectory { get; }

    /// <summary>Whether to continue what is in the run folder.</summary>
    public bool Resume { get; }

    /// <summary>Whether this is to be a small run.</summary>
    public bool Quick { get; }

    /// <summary>Whether to log everything and show stack traces.</summary>
    public bool Verbose { get; }
}
