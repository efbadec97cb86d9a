using Microsoft.Extensions.Logging;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Optimization;
using VisionSeqModels.Runs;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>A training run as its callbacks see it; a new one for each <c>Fit</c>.</summary>
public sealed class FitContext
{
    private readonly MetricTotals _totals;
    private readonly Dictionary<string, Picture> _pictures = new(StringComparer.Ordinal);
    private readonly MetricCatalog _metrics;
    private readonly IEvaluatedWeights[] _evaluated;
    private readonly string _directory = Environment.CurrentDirectory;
    private double _learningRateScale = 1;

    internal FitContext(
        nn.Module<Tensor, Tensor> model,
        TrainerOptions options,
        FitData data,
        Device device,
        optim.Optimizer optimizer,
        TrainingHistory history,
        MetricTotals totals,
        ILogger logger,
        IEnumerable<IEvaluatedWeights> evaluated,
        Freezer freezer
    )
    {
        _evaluated = [.. evaluated];
        Freezer = freezer;
        Model = model;
        Options = options;
        Data = data;
        Device = device;
        Optimizer = optimizer;
        History = history;
        Stop = new StopState(history);
        Logger = logger;
        _totals = totals;
        var suffixes = _evaluated.Select(weights => weights.MetricSuffix).OfType<string>();
        _metrics = new MetricCatalog(options.Metrics, data.Validation is not null, data.Test is not null, suffixes);
    }

    /// <summary>The model, on <see cref="Device"/>.</summary>
    public nn.Module<Tensor, Tensor> Model { get; }

    /// <summary>The trainer's options.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The data in its roles.</summary>
    public FitData Data { get; }

    /// <summary>The training data, without what was set aside for validation.</summary>
    public IBatchSource Train => Data.Train;

    /// <summary>The validation data, or null.</summary>
    public IBatchSource? Validation => Data.Validation;

    /// <summary>The test data, or null.</summary>
    public IBatchSource? Test => Data.Test;

    /// <summary>The metric that decisions look at by default: the loss on the validation data, else on the
    /// test data, else on the training data.</summary>
    public string DefaultMonitor =>
        Validation is not null ? "val_loss"
        : Test is not null ? "test_loss"
        : "train_loss";

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

    /// <summary>Optimizer steps done in the epoch under way; 0 between epochs.</summary>
    public int StepInEpoch { get; internal set; }

    /// <summary>Whether this run was resumed from a saved state.</summary>
    public bool IsResumed { get; internal set; }

    /// <summary>Optimizer steps in an epoch, or null where the data does not say.</summary>
    public long? StepsPerEpoch =>
        (
            Train.CountBatches(new BatchRequest { BatchSize = Options.BatchSize, DropLast = Options.DropLast })
            + Options.GradientAccumulationSteps
            - 1
        ) / Options.GradientAccumulationSteps;

    /// <summary>What the schedule's learning rate is multiplied by, from the next step on; default 1. It is part of the
    /// run's state. At least 0.</summary>
    public double LearningRateScale
    {
        get => _learningRateScale;
        set =>
            _learningRateScale =
                double.IsFinite(value) && value >= 0
                    ? value
                    : throw new ArgumentOutOfRangeException(
                        nameof(value),
                        value,
                        "The scale must be a finite number of at least 0."
                    );
    }

    /// <summary>The learning rate in force, of the first parameter group.</summary>
    public double LearningRate => Optimizer.ParamGroups.First().LearningRate;

    /// <summary>The names of all metrics that an epoch can have, in order: those of training, then those of validation and
    /// test data.</summary>
    public IReadOnlyCollection<string> MetricNames => _metrics.Names;

    /// <summary>The pictures that callbacks made of this run, by name.</summary>
    public IReadOnlyDictionary<string, Picture> Pictures => _pictures;

    /// <summary>Whether somebody asked for the end.</summary>
    public bool StopRequested => Stop.Request is not null;

    /// <summary>Which of the processes of this training this one is, from 0; 0 where it is the only one
    /// (<see cref="Trainer.Exchange"/>). Rank 0 alone has the run directory.</summary>
    public int Rank => Ranks.Rank;

    internal ShardRanks Ranks { get; init; } = new(exchange: null, shards: 1);

    internal StopState Stop { get; }

    internal Freezer Freezer { get; }

    internal RunClock Clock { get; } = new();

    internal RunClock EpochClock { get; } = new();

    internal double SecondsSoFar => Clock.Seconds;

    internal double EpochSecondsSoFar => EpochClock.Seconds;

    /// <summary>Takes over position and record of a saved run.</summary>
    internal void Restore(TrainingState state)
    {
        IsResumed = true;
        Epoch = state.Epoch;
        StepInEpoch = state.StepInEpoch;
        Step = state.Step;
        LearningRateScale = state.LearningRateScale;
        Clock.Restart(state.Seconds);
        EpochClock.Restart(state.EpochSeconds);
        if (state.StopMessage is not null)
        {
            Stop.Ask(state.StopMessage);
        }
    }

    internal void BeginEpoch()
    {
        Epoch++;
        EpochClock.Restart();
    }

    /// <summary>The training data's batches from the position in this epoch on.</summary>
    internal IEnumerable<Batch> RemainingBatches() => Train.Read(EpochRequest(StepInEpoch * Options.GradientAccumulationSteps));

    /// <summary>How to read this epoch.</summary>
    internal BatchRequest EpochRequest(int skipBatches) =>
        new()
        {
            BatchSize = Options.BatchSize,
            Device = Device,
            Placement = Options.DataPlacement,
            Shuffle = Options.Shuffle,
            DropLast = Options.DropLast,
            Seed = History.Seed,
            Epoch = Epoch,
            SkipBatches = skipBatches,
        };

    /// <summary>Whether larger values of a metric are better.</summary>
    /// <param name="metric">A name out of <see cref="MetricNames"/>.</param>
    /// <exception cref="ArgumentException">No metric has that name; the message lists those there are.</exception>
    public bool HigherIsBetter(string metric) => _metrics.HigherIsBetter(metric);

    /// <summary>Gives the model the weights that a metric is of, until the result is disposed: for <c>test_loss_ema</c> the
    /// average. Null where they are its own.</summary>
    internal IDisposable? Lend(string metric) => _evaluated.FirstOrDefault(weights => IsOf(weights, metric))?.Lend(Model);

    /// <summary>The full path of a file or folder that belongs to the run, also after the current directory changed.</summary>
    /// <param name="own">What the user asked for; a relative path begins where the current directory was when the fit
    /// began.</param>
    /// <param name="name">What it is called within the run directory, which is the default.</param>
    internal string PathOf(string? own, string name = "") =>
        Path.GetFullPath(own ?? Path.Combine(RunDirectory ?? "", name), _directory);

    /// <summary>Asks for the end of training: after this step, or after this epoch where asked at its end. The first reason
    /// is kept.</summary>
    /// <param name="reason">A sentence that says why; it stands in the history.</param>
    public void RequestStop(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Stop.Ask(reason);
    }

    /// <summary>Hands a picture to callbacks that show pictures, such as <see cref="TensorBoardLogger"/>; one of the same
    /// name is replaced.</summary>
    /// <param name="name">What the picture is, for example <c>curves</c>.</param>
    /// <param name="picture">The picture.</param>
    public void Publish(string name, Picture picture)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(picture);
        _pictures[name] = picture;
    }

    /// <summary>Makes a random generator whose numbers are a function of the run's seed, the epoch, the step, the callback
    /// and the hook that runs. A second one in the same call of a hook gives other numbers.</summary>
    /// <remarks>What a callback draws from it is the same in a resumed run, in a repeated one, and in a study with parallel
    /// trials. TorchSharp's functions take it as <c>generator</c>.</remarks>
    /// <param name="device">Where the numbers are drawn; null (default) for <see cref="Device"/>. Different devices give
    /// different numbers.</param>
    /// <returns>A generator of that device; it is the caller's to dispose.</returns>
    public Generator NewGenerator(Device? device = null) => new(NextSeed(), device ?? Device);

    private bool IsOf(IEvaluatedWeights weights, string metric) =>
        !metric.StartsWith("train_", StringComparison.Ordinal)
        && metric.EndsWith(weights.MetricSuffix!, StringComparison.Ordinal)
        && _metrics.Has(metric[..^weights.MetricSuffix!.Length]);

    internal HookPlace HookPlace { get; set; }

    internal ulong NextSeed()
    {
        var place = HookPlace;
        HookPlace = place with { Streams = place.Streams + 1 };
        return HookSeed.Of(place.Hook, History.Seed, Epoch, Step, place.Streams);
    }

    /// <summary>The mean training loss of this epoch so far. It waits for the device: call it a few times a second at
    /// most.</summary>
    public double ReadTrainLoss() => _totals.Read().MeanLoss;
}
