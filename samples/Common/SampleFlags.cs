using System.CommandLine;

namespace VisionSeqModels.Samples;

/// <summary>The flags of all samples. A flag that was not given has no value; <see cref="SampleSettings"/> speaks
/// then.</summary>
internal sealed class SampleFlags
{
    public SampleFlags(SampleSettings settings)
    {
        Data = Flag.Choice(
            "--data",
            $"Data to train on; auto looks for {settings.NaturalData}, else downloads it, else draws a synthetic set",
            [.. settings.DataNames]
        );
        DataDirectory = Flag.Text(
            "--data-dir",
            "DIR",
            "Where the data is, or is downloaded to (default: a per-user cache folder)"
        );
        Epochs = Flag.Count("--epochs", $"Times to go through the training data (default {settings.Epochs})", minimum: 1);
        BatchSize = Flag.Count("--batch-size", $"Samples in a batch (default {settings.BatchSize})", minimum: 1);
        LearningRate = Flag.Number(
            "--lr",
            $"Learning rate (default {Flag.Show(settings.LearningRate)})",
            "a finite number above 0",
            value => value > 0
        );
        Optimizer = Flag.Choice("--optimizer", $"Optimizer (default {settings.Optimizer})", ["adam", "sgd"]);
        Momentum = Flag.Number(
            "--momentum",
            $"Momentum of SGD (default {Flag.Show(settings.Momentum)})",
            "at least 0 and below 1",
            value => value is >= 0 and < 1
        );
        Seed = Flag.Count("--seed", $"Seed of weights, order and dropout (default {settings.Seed})", minimum: 0);
        TrainLimit = Flag.Count("--train-limit", "Use only the first N training samples", minimum: 1);
        TestLimit = Flag.Count("--test-limit", "Use only the first N test samples", minimum: 1);
        Device = Flag.Choice("--device", "Where to train (default auto: a CUDA GPU if there is one)", ["auto", "cpu", "cuda"]);
        Threads = Flag.Count("--threads", "CPU threads of libtorch (default: one a core)", minimum: 1);
        Out = Flag.Text("--out", "DIR", "The run folder itself (default: a new one under runs/)");
        Quick = new Option<bool>("--quick") { Description = "A small run, seconds on a CPU: few epochs on few samples" };
        Resume = new Option<bool>("--resume") { Description = "Continue what --out holds, from its last state" };
        Unused = [.. settings.Unused];
        Verbose = new Option<bool>("--verbose") { Description = "Log everything, and show where an error came from" };
    }

    public Option<string?> Data { get; }

    public Option<string?> DataDirectory { get; }

    public Option<long?> Epochs { get; }

    public Option<long?> BatchSize { get; }

    public Option<double?> LearningRate { get; }

    public Option<string?> Optimizer { get; }

    public Option<double?> Momentum { get; }

    public Option<long?> Seed { get; }

    public Option<long?> TrainLimit { get; }

    public Option<long?> TestLimit { get; }

    public Option<string?> Device { get; }

    public Option<long?> Threads { get; }

    public Option<string?> Out { get; }

    public Option<bool> Resume { get; }

    public Option<bool> Quick { get; }

    public Option<bool> Verbose { get; }

    /// <summary>Names of those that the sample does not take.</summary>
    public string[] Unused { get; }

    public IEnumerable<Option> Taken => All.Where(flag => !Unused.Contains(flag.Name));

    private IEnumerable<Option> All =>
        [
            Data,
            DataDirectory,
            Epochs,
            BatchSize,
            LearningRate,
            Optimizer,
            Momentum,
            Seed,
            TrainLimit,
            TestLimit,
            Device,
            Threads,
            Out,
            Resume,
            Quick,
            Verbose,
        ];
}
