using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Trains, evaluates and applies any module that turns one tensor into one tensor.</summary>
/// <remarks> A trainer holds settings and callbacks, no state of a run: it can fit one model after another. It never writes
/// to the console, and leaves no tensor behind but the model's own. One fit at a time per trainer; use one thread for a fit
/// and all that belongs to it. Several threads may evaluate one model: they take turns. While a thread trains it, the others
/// get an <see cref="InvalidOperationException"/>. </remarks>
public sealed class Trainer
{
    private readonly ILogger _logger;

    /// <summary>Checks the options and makes a trainer.</summary>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="logger">Where to log to; null for nowhere.</param>
    /// <exception cref="InvalidOptionsException">Options out of range; the message names every one.</exception>
    public Trainer(TrainerOptions? options = null, ILogger? logger = null)
    {
        Options = options ?? new TrainerOptions();
        Options.Validate();
        _logger = logger ?? NullLogger.Instance;
    }

    /// <summary>The settings.</summary>
    public TrainerOptions Options { get; }

    /// <summary>What happens besides training, in the order of adding; see <see cref="Callback"/>.</summary>
    public IList<Callback> Callbacks { get; } = [];

    /// <summary>The other processes of this training, its ranks; null (default) where this is the only one. Each computes some
    /// of the <see cref="TrainerOptions.Shards"/> of every batch.</summary>
    /// <remarks>Every rank runs the same program on the same data and calls the trainer in the same order. <c>Fit</c> and
    /// <c>Resume</c> do what rank 0 does: its seed, its initial weights, its run directory; the others write nothing.
    /// <c>Evaluate</c> and <c>Predict</c> use no other rank, and give the same bits. With the same number of threads on each
    /// rank, weights and metrics are those of one process with as many shards, bit for bit.</remarks>
    public IShardExchange? Exchange { get; init; }

    /// <summary>Trains a model.</summary>
    /// <param name="model">Any module; it is moved to the device, trained in training mode, and given back in the modes it
    /// came in. A module in evaluation mode stays in it where the model itself is in training mode.</param>
    /// <param name="train">The training data.</param>
    /// <param name="test">Data to evaluate on after each epoch, or null.</param>
    /// <param name="cancellationToken">Looked at between steps; a cancelled run saves its state where it has a run
    /// directory, and returns its history with <see cref="StopReason.Cancelled"/>.</param>
    /// <returns>The metrics of each epoch and why training ended.</returns>
    /// <exception cref="InvalidOptionsException">Settings of callbacks out of range; the message names every one, and
    /// nothing was written.</exception>
    /// <exception cref="CallbackException">A callback threw.</exception>
    /// <exception cref="TrainingStepException">libtorch refused a step; the message has epoch, step and shapes.</exception>
    /// <exception cref="EvaluationException">libtorch refused to evaluate a batch of the validation or test data.</exception>
    /// <exception cref="ArgumentException">The data gives no batch, the model has nothing to train, or a validation split
    /// is asked for of other data than an <see cref="IImageSource"/>.</exception>
    /// <exception cref="IOException">The run directory holds a run already, is in use, or cannot be written to.</exception>
    public TrainingHistory Fit(
        nn.Module<Tensor, Tensor> model,
        IBatchSource train,
        IBatchSource? test = null,
        CancellationToken cancellationToken = default
    ) => Fit(model, new FitData { Train = train, Test = test }, cancellationToken);

    /// <summary>Trains a model, with validation data besides.</summary>
    /// <param name="model">Any module.</param>
    /// <param name="data">The data in its roles.</param>
    /// <param name="cancellationToken">Looked at between steps.</param>
    /// <inheritdoc cref="Fit(nn.Module{Tensor, Tensor}, IBatchSource, IBatchSource?, CancellationToken)"/>
    public TrainingHistory Fit(nn.Module<Tensor, Tensor> model, FitData data, CancellationToken cancellationToken = default)
    {
        Check(model, data);
        CheckSettings(model, data);
        if (Exchange is { Rank: > 0 })
        {
            return Follow(model, data, cancellationToken);
        }

        var options = Options.For(model) with
        {
            RunDirectory = Options.RunDirectory is string path ? Path.GetFullPath(path) : null,
        };
        using var use = ModelUse.Train(model);
        using var claim = options.RunDirectory is null ? null : RunDirectory.Claim(options.RunDirectory);
        var history = NewHistory(Options.Seed ?? Random.Shared.NextInt64(), options.RunDirectory);
        var ranks = Ranks();
        if (!ranks.IsAlone)
        {
            RankStart.Send(ranks, history.Seed, stateFile: null);
        }

        return Run(model, data, options, history, ranks, resumption: null, cancellationToken);
    }

    /// <summary>Resumes a run that was killed, cancelled or ended, from the last state in its run directory.</summary>
    /// <remarks> Give the same kind of model, the same data, and a trainer with the same options and callbacks: the model's
    /// weights are overwritten. On the CPU, with the same build and number of threads, the result is then bit-identical to
    /// that of a run in one piece. Options that only concern the rest of the run (epochs, learning rate, schedule,
    /// patience) may differ; it is recorded. A run that is over returns its history, unless there are more epochs now.
    /// </remarks>
    /// <param name="runDirectory">The folder that the run was begun in.</param>
    /// <param name="model">A model with the same parameters.</param>
    /// <param name="train">The same training data.</param>
    /// <param name="test">The same test data, or null.</param>
    /// <param name="cancellationToken">Looked at between steps.</param>
    /// <returns>The metrics of all epochs, those before it was resumed included.</returns>
    /// <exception cref="InvalidOptionsException">Settings of callbacks out of range; the message names every one.</exception>
    /// <exception cref="InvalidDataException">The folder holds no state, or none that is sound.</exception>
    /// <exception cref="InvalidOperationException">Options or data do not fit the saved state; the message names each
    /// difference.</exception>
    /// <exception cref="WeightsMismatchException">The model is another one.</exception>
    /// <exception cref="IOException">The folder is in use, or cannot be written to.</exception>
    public TrainingHistory Resume(
        string runDirectory,
        nn.Module<Tensor, Tensor> model,
        IBatchSource train,
        IBatchSource? test = null,
        CancellationToken cancellationToken = default
    ) => Resume(runDirectory, model, new FitData { Train = train, Test = test }, cancellationToken);

    /// <param name="runDirectory">The folder that the run was begun in.</param>
    /// <param name="model">A model with the same parameters.</param>
    /// <param name="data">The same data in its roles.</param>
    /// <param name="cancellationToken">Looked at between steps.</param>
    /// <inheritdoc cref="Resume(string, nn.Module{Tensor, Tensor}, IBatchSource, IBatchSource?, CancellationToken)"/>
    public TrainingHistory Resume(
        string runDirectory,
        nn.Module<Tensor, Tensor> model,
        FitData data,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(runDirectory);
        Check(model, data);
        CheckSettings(model, data);
        if (Exchange is { Rank: > 0 })
        {
            return Follow(model, data, cancellationToken);
        }

        if (Options.RunDirectory is string other && Path.GetFullPath(other) != Path.GetFullPath(runDirectory))
        {
            throw new ArgumentException(
                $"The run to resume is in '{runDirectory}', but TrainerOptions.RunDirectory is '{other}'. Leave "
                    + "it null, or give the same.",
                nameof(runDirectory)
            );
        }

        runDirectory = Path.GetFullPath(runDirectory); // the current directory may change meanwhile
        var options = Options.For(model) with { RunDirectory = runDirectory };
        using var use = ModelUse.Train(model);
        using var claim = RunDirectory.CanResume(runDirectory) ? RunDirectory.Lock(runDirectory) : null;
        using var resumption = new Resumption(runDirectory, options, data.Train);
        var ranks = Ranks();
        if (!ranks.IsAlone)
        {
            RankStart.Send(ranks, resumption.Loaded.State.Seed, resumption.Loaded.Path);
        }

        return Run(model, data, options, resumption.History(runDirectory), ranks, resumption, cancellationToken);
    }

    /// <summary>The order in which callbacks run, those that a run directory adds included: one line each with stage and
    /// name.</summary>
    public string DescribeOrder() => Order(Options).Describe();

    /// <summary>Measures loss and metrics with the model in evaluation mode; nothing of the model changes but its
    /// device.</summary>
    /// <param name="model">The model; it is moved to the trainer's device.</param>
    /// <param name="data">The data; every sample is used once.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <exception cref="EvaluationException">libtorch refused a batch; the message has its number and shapes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public EvaluationResult Evaluate(
        nn.Module<Tensor, Tensor> model,
        IBatchSource data,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        using var use = ModelUse.Read(model);
        return new Evaluator(model, Options.For(model), DeviceFor(model), AllShards()).Evaluate(data, cancellationToken);
    }

    /// <summary>Applies the model, in evaluation mode, without gradients.</summary>
    /// <param name="model">The model; it is moved to the trainer's device.</param>
    /// <param name="data">The data; its targets are not looked at.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>The outputs of all samples in order, on the CPU, for classification scores <c>[samples, classes]</c>; they
    /// belong to the current dispose scope, else to the caller.</returns>
    /// <exception cref="EvaluationException">libtorch refused a batch; the message has its number and shapes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Tensor Predict(nn.Module<Tensor, Tensor> model, IBatchSource data, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        using var use = ModelUse.Read(model);
        return new Evaluator(model, Options.For(model), DeviceFor(model), AllShards()).Predict(data, cancellationToken);
    }

    /// <summary>Applies the model batch by batch, in evaluation mode, without gradients, for data whose outputs do not fit into
    /// the memory together.</summary>
    /// <param name="model">The model; it is moved to the trainer's device. Between two batches every module is in its own
    /// mode.</param>
    /// <param name="data">The data; its targets are not looked at.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>The outputs of each batch of <see cref="TrainerOptions.EvaluationBatchSize"/> samples, in order, on the CPU.
    /// Each belongs to the dispose scope that is current when the enumerator moves to it, else to the caller.</returns>
    /// <exception cref="EvaluationException">libtorch refused a batch; the message has its number and shapes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IEnumerable<Tensor> PredictBatches(
        nn.Module<Tensor, Tensor> model,
        IBatchSource data,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        using var use = ModelUse.Read(model);
        return new Evaluator(model, Options.For(model), DeviceFor(model), AllShards()).PredictBatches(data, cancellationToken);
    }

    /// <summary>Trains on one batch again and again: a model that cannot learn that by heart has a fault. Dropout and
    /// augmentation are off.</summary>
    /// <remarks>Weights, buffers, gradients, modes and the random state are afterwards as before, bit for bit; no callback
    /// is called, nothing is written.</remarks>
    /// <param name="model">The model; it is moved to the trainer's device.</param>
    /// <param name="train">The data; its first batch of epoch 1 is used.</param>
    /// <param name="steps">Optimizer steps; default 200, at least 1.</param>
    /// <param name="targetRatio">How far the loss must fall to pass, as a fraction of the first; default 0.1.</param>
    /// <exception cref="TrainingStepException">libtorch refused a step; the model is as before.</exception>
    public OverfitResult OverfitOneBatch(
        nn.Module<Tensor, Tensor> model,
        IBatchSource train,
        int steps = 200,
        double targetRatio = 0.1
    )
    {
        Check(model, new FitData { Train = train });
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetRatio);
        var sampled = Diagnosed(train);
        using var use = ModelUse.Train(model);
        return new DiagnosticRuns(model, Options.For(model), DeviceFor(model)).OverfitOneBatch(sampled, steps, targetRatio);
    }

    /// <summary>Trains for a few steps with a learning rate that grows from step to step, to find a good one; ends early
    /// where the loss diverges.</summary>
    /// <remarks>Weights, buffers, gradients, modes and the random state are afterwards as before, bit for bit; no callback
    /// is called, nothing is written. Smith, "Cyclical learning rates for training neural networks" (2017).</remarks>
    /// <param name="model">The model; it is moved to the trainer's device.</param>
    /// <param name="train">The training data.</param>
    /// <param name="start">The first learning rate; default 1e-6.</param>
    /// <param name="end">The last one; default 10.</param>
    /// <param name="steps">Optimizer steps; default 100, at least 3.</param>
    /// <param name="cancellationToken">Looked at between steps.</param>
    /// <exception cref="TrainingStepException">libtorch refused a step; the model is as before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the model is as before.</exception>
    public LearningRateRange LearningRateRangeTest(
        nn.Module<Tensor, Tensor> model,
        IBatchSource train,
        double start = 1e-6,
        double end = 10,
        int steps = 100,
        CancellationToken cancellationToken = default
    )
    {
        Check(model, new FitData { Train = train });
        new OptionFaults(nameof(LearningRateRangeTest))
            .Positive(nameof(start), start)
            .Require(double.IsFinite(end) && end > start, nameof(end), "a finite number above start", end)
            .AtLeast(3, nameof(steps), steps)
            .ThrowIfAny();
        var sampled = Diagnosed(train);
        using var use = ModelUse.Train(model);
        return new DiagnosticRuns(model, Options.For(model), DeviceFor(model)).RangeTest(
            sampled,
            start,
            end,
            steps,
            cancellationToken
        );
    }

    private TrainingHistory Run(
        nn.Module<Tensor, Tensor> model,
        FitData data,
        TrainerOptions options,
        TrainingHistory history,
        ShardRanks ranks,
        Resumption? resumption,
        CancellationToken cancellationToken
    )
    {
        var split = Sampled(ValidationSplit.Apply(data, options.ValidationSplit, history.Seed), data.Train);
        resumption?.CheckData(split.Train);
        var callbacks = Order(options);
        if (!ranks.IsAlone)
        {
            RankCheck.Compare(ranks, model, split, options, callbacks);
            RankWeights.Send(ranks, model);
        }

        using var fit = new FitLoop(model, split, options, callbacks, history, ranks, _logger);
        return fit.Run(resumption, cancellationToken);
    }

    /// <summary>What every rank but the first does: it begins or resumes as rank 0 says, and writes nothing.</summary>
    private TrainingHistory Follow(nn.Module<Tensor, Tensor> model, FitData data, CancellationToken cancellationToken)
    {
        var options = Options.For(model) with { RunDirectory = null };
        using var use = ModelUse.Train(model);
        var ranks = Ranks();
        using var start = RankStart.Receive(ranks);
        using var resumption = start.StateFolder is string folder ? new Resumption(folder, options, data.Train) : null;
        var history = resumption?.History(runDirectory: null) ?? NewHistory(start.Seed, runDirectory: null);
        return Run(model, data, options, history, ranks, resumption, cancellationToken);
    }

    private static TrainingHistory NewHistory(long seed, string? runDirectory) =>
        new()
        {
            Seed = seed,
            ThreadCount = get_num_threads(),
            StartedAt = TimeProvider.System.GetLocalNow(),
            RunDirectory = runDirectory,
        };

    private ShardRanks Ranks() => new(Exchange, Options.Shards);

    private ShardRanks AllShards() => new(exchange: null, Options.Shards);

    private CallbackList Order(TrainerOptions options) => RunFolderCallbacks.Complete(Callbacks, options, Exchange?.Rank ?? 0);

    /// <summary>The data with its training part as the options sample it.</summary>
    private FitData Sampled(FitData data, IBatchSource whole) =>
        SampledImages.Apply(data, whole, Options.Sampling, (Options.Loss as IIgnoresLabels)?.IgnoreIndex);

    /// <summary>Training data as a fit would sample it.</summary>
    private IBatchSource Diagnosed(IBatchSource train)
    {
        new OptionFaults(nameof(Trainer)).Include(Options.Sampling?.FaultsWith(train) ?? []).ThrowIfAny();
        return Sampled(new FitData { Train = train }, train).Train;
    }

    private static void Check(nn.Module<Tensor, Tensor> model, FitData data)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(data.Train, "train");
        TorchRuntime.EnsureAvailable();
        Array.ForEach([data.Train, data.Validation, data.Test], BatchReader.ThrowIfDisposed);
    }

    /// <summary>All faults of options and callbacks together, before anything is written.</summary>
    private void CheckSettings(nn.Module model, FitData data)
    {
        var faults = new OptionFaults(nameof(Trainer)).Include(Options.Check().All).List(nameof(Callbacks), Callbacks);
        if (Options.Sampling?.Faults().Count == 0)
        {
            faults.Include(Options.Sampling.FaultsWith(data.Train));
        }

        if (Exchange is not null)
        {
            faults.AtLeast(Exchange.Size, nameof(TrainerOptions.Shards), Options.Shards);
        }

        var metrics = FitMetrics.Of(Options.For(model), data, Callbacks);
        foreach (var callback in Callbacks.OfType<Callback>())
        {
            faults.Include(callback.GetType().Name, callback.Faults());
            faults.Include(callback.GetType().Name, metrics.Faults(nameof(IMonitor.Monitor), (callback as IMonitor)?.Monitor));
        }

        CallbackConflicts.AddTo(faults, Callbacks.OfType<Callback>());
        faults.ThrowIfAny();
    }

    private Device DeviceFor(nn.Module model)
    {
        TorchRuntime.EnsureAvailable();
        var device = Devices.Resolve(Options.Device);
        ModelDevice.Move(model, device);
        return device;
    }
}
