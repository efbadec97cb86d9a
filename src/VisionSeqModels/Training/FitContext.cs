using Microsoft.Extensions.Logging;
using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>A training run as its callbacks see it; a new one for each <c>Fit</c>.</summary>
public sealed class FitContext
{
    private readonly MetricTotals _trainTotals;
    private readonly Dictionary<string, Picture> _pictures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _metrics = new(StringComparer.Ordinal);

    internal FitContext(
        nn.Module<Tensor, Tensor> model, TrainerOptions options, IBatchSource train, IBatchSource? test, Device device, optim.Optimizer optimizer,
        TrainingHistory history, MetricTotals trainTotals, ILogger logger)
    {
        Model = model;
        Options = options;
        Train = train;
        Test = test;
        Device = device;
        Optimizer = optimizer;
        History = history;
        Logger = logger;
        _trainTotals = trainTotals;
        string[] prefixes = test is null ? ["train_"] : ["train_", "test_"];
        foreach (string prefix in prefixes)
        {
            _metrics[prefix + "loss"] = false;
            foreach (var metric in options.Metrics)
            {
                _metrics[prefix + metric.Name] = metric.HigherIsBetter;
            }
        }
    }

    /// <summary>The model, on <see cref="Device"/>.</summary>
    public nn.Module<Tensor, Tensor> Model { get; }

    /// <summary>The trainer's options.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The training data.</summary>
    public IBatchSource Train { get; }

    /// <summary>The test data, or null.</summary>
    public IBatchSource? Test { get; }

    /// <summary>Where the model is trained.</summary>
    public Device Device { get; }

    /// <summary>The optimizer.</summary>
    public optim.Optimizer Optimizer { get; }

    /// <summary>The record so far.</summary>
    public TrainingHistory History { get; }

    /// <summary>Where to log to.</summary>
    public ILogger Logger { get; }

    /// <summary>The folder of the run, or null.</summary>
    public string? RunDirectory => Options.RunDirectory;

    /// <summary>The epoch under way, from 1; 0 before the first.</summary>
    public int Epoch { get; internal set; }

    /// <summary>Optimizer steps done in the whole run.</summary>
    public long Step { get; internal set; }

    /// <summary>Optimizer steps in an epoch, or null where the data does not tell.</summary>
    public long? StepsPerEpoch => Train.SampleCount is not long count ? null
        : Options.DropLast ? count / Options.BatchSize : (count + Options.BatchSize - 1) / Options.BatchSize;

    /// <summary>The learning rate in force, of the first parameter group.</summary>
    public double LearningRate => Optimizer.ParamGroups.First().LearningRate;

    /// <summary>The names of all figures that an epoch can have, in order: those of training, then those of the test data.</summary>
    public IReadOnlyCollection<string> MetricNames => _metrics.Keys;

    /// <summary>The pictures that callbacks made of this run, by name.</summary>
    public IReadOnlyDictionary<string, Picture> Pictures => _pictures;

    /// <summary>Whether somebody asked for the end.</summary>
    public bool StopRequested { get; private set; }

    internal string? StopMessage { get; private set; }

    /// <summary>Whether larger values of a figure are better.</summary>
    /// <param name="metric">A name out of <see cref="MetricNames"/>.</param>
    /// <exception cref="ArgumentException">No figure has that name; the message lists those there are.</exception>
    public bool HigherIsBetter(string metric) => _metrics.TryGetValue(metric, out bool higher) ? higher
        : throw new ArgumentException($"There is no metric named '{metric}'. This run has: {string.Join(", ", _metrics.Keys)}.", nameof(metric));

    /// <summary>Asks for the end of training: after this step, or after this epoch where asked at its end. The first reason is kept.</summary>
    /// <param name="reason">A sentence that says why; it stands in the history.</param>
    public void RequestStop(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        StopMessage ??= reason;
        StopRequested = true;
    }

    /// <summary>Hands a picture to callbacks that show pictures, such as <see cref="TensorBoardLogger"/>; one of the same name is replaced.</summary>
    /// <param name="name">What the picture is, for example <c>curves</c>.</param>
    /// <param name="picture">The picture.</param>
    public void Publish(string name, Picture picture)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(picture);
        _pictures[name] = picture;
    }

    /// <summary>The mean training loss of this epoch so far. It waits for the device: call it a few times a second at most.</summary>
    public double ReadTrainLoss() => _trainTotals.Read("")["loss"];
}
