using VisionSeqModels.Core;
using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>How a <see cref="Trainer"/> trains.</summary>
public sealed record TrainerOptions
{
    private readonly bool _namesLoss;
    private readonly Loss _loss = Losses.CrossEntropy();
    private readonly bool _namesMetrics;
    private readonly IReadOnlyList<Metric> _metrics = [];

    /// <summary>How many times to go through the training data; default 10, at least 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Samples in a batch; default 64, at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Samples in a batch of <c>Evaluate</c> and <c>Predict</c>; default 256, at least 1. It changes speed and
    /// memory, not results beyond rounding.</summary>
    public int EvaluationBatchSize { get; init; } = 256;

    /// <summary>The optimizer and its settings; default <see cref="AdamOptions"/> with a learning rate of 0.001.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>How the learning rate changes over the run; default <see cref="ConstantSchedule"/>.</summary>
    public LearningRateSchedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>Which parameters train in which epochs: <see cref="Freeze"/> and <see cref="Unfreeze"/>; default none, all that
    /// ask for gradients train. Rules apply by their first epoch, and those of one epoch in this order.</summary>
    /// <remarks>After <c>Fit</c> every parameter's <c>requires_grad</c> is as before.</remarks>
    public IReadOnlyList<FreezeRule> Freezing { get; init; } = [];

    /// <summary>How many batches make one optimizer step; default 1, at least 1. The step is that of one batch of all their
    /// samples, also where the last window of an epoch is short. It differs by rounding, and by layers such as batch
    /// normalisation that look at a batch as a whole.</summary>
    public int GradientAccumulationSteps { get; init; } = 1;

    /// <summary>How many shards each batch is split into; default 1, from 1 to 4096. Each shard is computed alone, with random
    /// numbers of its own, and their gradients are added in the order of shards. So any number of processes, up to as many as
    /// there are shards, gives the same weights, bit for bit: see <see cref="Trainer.Exchange"/>.</summary>
    /// <remarks>Shards are contiguous and of equal size, the first ones larger by one where that does not divide the batch;
    /// a batch smaller than their number has fewer. The step is that of the whole batch up to rounding. Layers that look at
    /// a batch as a whole differ: batch normalisation sees one shard at a time, and its running statistics are the mean of
    /// the shards'. Evaluation splits its batches in the same way. A run is resumed with the number that it was begun
    /// with.</remarks>
    public int Shards { get; init; } = 1;

    /// <summary>The largest global L2 norm of the gradients: larger ones are scaled down; default null,
    /// no limit. Above 0.</summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>The largest absolute value of a gradient's element; default null, no limit. Above 0. Clipped before the
    /// norm.</summary>
    public double? ClipGradientValue { get; init; }

    /// <summary>What changes training images at random, in order; default nothing.</summary>
    public IReadOnlyList<Augmentation> Augmentations { get; init; } = [];

    /// <summary>The fraction of the training data that is set aside for decisions (early stopping, the best checkpoint);
    /// default 0, none; below 1. The split is drawn by <see cref="Seed"/>, with the same fraction of every class. It needs an
    /// <see cref="Data.IImageSource"/>.</summary>
    public double ValidationSplit { get; init; }

    /// <summary>The loss to minimize; default what fits the model's <see cref="IConfiguredModel.Output"/>:
    /// <see cref="Losses.CrossEntropy"/> for classes, and for a model that does not say;
    /// <see cref="Losses.MeanSquaredError"/> for values; <see cref="Losses.BinaryCrossEntropyWithLogits(double)"/> for
    /// labels.</summary>
    /// <remarks>Where it is not set it reads as cross-entropy; what a run used stands in <c>run.json</c>, and in the options
    /// of a callback's context.</remarks>
    public Loss Loss
    {
        get => _loss;
        init => (_namesLoss, _loss) = (true, value);
    }

    /// <summary>What is measured besides the loss, on training and test data; default what fits the loss
    /// (<see cref="Loss.DefaultMetrics"/>), for cross-entropy <see cref="Accuracy"/>. Where the loss is not set either, a model
    /// of values gets <see cref="MeanAbsoluteError"/> and <see cref="RootMeanSquaredError"/>, and one of labels
    /// <see cref="BinaryAccuracy"/> and <see cref="MultiLabelAccuracy"/>. Names must be unique.</summary>
    public IReadOnlyList<Metric> Metrics
    {
        get => _namesMetrics ? _metrics : Loss?.DefaultMetrics ?? [];
        init => (_namesMetrics, _metrics) = (true, value);
    }

    /// <summary> Fixes the order of the samples and all randomness within steps (dropout); default null, which picks a seed
    /// and records it in the history. The same seed, machine and thread count give bit-identical weights and metrics.
    /// Initial weights come from the model's own options. </summary>
    public long? Seed { get; init; }

    /// <summary>Where to train: <c>auto</c> (default: a CUDA GPU where there is one, else the CPU), <c>cpu</c>,
    /// <c>cuda</c>, <c>cuda:1</c>, <c>mps</c>. The model is moved there, and stays.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>The numbers that a training step computes with; default <see cref="TrainingPrecision.Float32"/>. With <see
    /// cref="TrainingPrecision.BFloat16"/> the forward and backward pass run in bfloat16, which an NVIDIA GPU since 2020 is
    /// built for; on a CPU it is slower. Weights, loss, saved states and evaluation stay float32.</summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>Where images in memory are while a GPU trains on them; default <see cref="DataPlacement.Auto"/>: on the GPU
    /// where they fit. It changes no result.</summary>
    public DataPlacement DataPlacement { get; init; }

    /// <summary>Whether each epoch has a new random order; default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Which images each epoch draws: <see cref="BalancedSampling"/> or <see cref="WeightedSampling"/>; default null,
    /// each image once. It needs an <see cref="Data.IImageSource"/>, and <see cref="Shuffle"/>.</summary>
    public Sampling? Sampling { get; init; }

    /// <summary>Whether a last batch with fewer than <see cref="BatchSize"/> samples is left out of training; default
    /// false.</summary>
    /// <remarks>A last batch of one sample is refused before the first step where a batch normalisation of the model gets one
    /// value for each channel of it: its variance would be 0/0. Set this, or another batch size.</remarks>
    public bool DropLast { get; init; }

    /// <summary>Evaluate after every so many epochs, and after the last; default 1.</summary>
    public int EvaluateEveryEpochs { get; init; } = 1;

    /// <summary>After every so many optimizer steps callbacks get the mean metrics since the last time; default null,
    /// only at an epoch's end. Each time waits for the device once.</summary>
    public int? LogEverySteps { get; init; }

    /// <summary>With a run directory: save the state of training after every so many optimizer steps too; default null. It
    /// is always saved at an epoch's end.</summary>
    public int? SaveStateEverySteps { get; init; }

    /// <summary>With a run directory: save the state of training within an epoch when the last time is longer ago; default
    /// 1 minute.</summary>
    public TimeSpan SaveStateInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary> The folder of the run, or null (default) to write nothing. It is created, and must not hold a run already.
    /// Where it is set, the trainer adds the callbacks that fill it: metrics.csv, run.json, curves.png, filter and
    /// activation pictures of convolutional models, checkpoints and TensorBoard events. See
    /// <see cref="VisionSeqModels.RunDirectory.New"/> for names that are new each time. </summary>
    public string? RunDirectory { get; init; }

    /// <summary>Whether the trainer adds the callbacks that fill the run directory; default true. False leaves it to
    /// <c>Trainer.Callbacks</c>; the state for <c>Trainer.Resume</c> is saved all the same.</summary>
    public bool DefaultCallbacks { get; init; } = true;

    /// <summary>The options with the loss and the metrics that a model gets.</summary>
    /// <summary>What a study varies, with its value in this run; null for a run of its own.</summary>
    internal IReadOnlyDictionary<string, string>? Factors { get; init; }

    internal TrainerOptions For(nn.Module model)
    {
        if (_namesLoss || OutputDefaults.Of(model) is not OutputDefaults defaults)
        {
            return this;
        }

        var options = this with { Loss = defaults.Loss };
        return _namesMetrics ? options : options with { Metrics = defaults.Metrics };
    }

    internal void Validate() => Check().ThrowIfAny();

    internal OptionFaults Check()
    {
        var faults = new OptionFaults(nameof(TrainerOptions))
            .AtLeast(1, nameof(GradientAccumulationSteps), GradientAccumulationSteps)
            .Require(Shards is >= 1 and <= 4096, nameof(Shards), "from 1 to 4096", Shards)
            .PositiveOrNull(nameof(ClipGradientNorm), ClipGradientNorm)
            .PositiveOrNull(nameof(ClipGradientValue), ClipGradientValue)
            .BelowOne(nameof(ValidationSplit), ValidationSplit)
            .Include(nameof(Sampling), Sampling?.Faults() ?? [])
            .Require(
                Sampling is null || Shuffle,
                nameof(Sampling),
                "null where Shuffle is false (it draws a random order)",
                Sampling?.GetType().Name
            )
            .AtLeast(1, nameof(LogEverySteps), LogEverySteps ?? 1)
            .AtLeast(1, nameof(SaveStateEverySteps), SaveStateEverySteps ?? 1)
            .Require(SaveStateInterval > TimeSpan.Zero, nameof(SaveStateInterval), "above 0", SaveStateInterval)
            .Require(Schedule is not null, nameof(Schedule), "set", Schedule)
            .Include(nameof(Schedule), Schedule?.Faults() ?? [])
            .List(nameof(Augmentations), Augmentations)
            .List(nameof(Freezing), Freezing)
            .AtLeast(1, nameof(Epochs), Epochs)
            .AtLeast(1, nameof(BatchSize), BatchSize)
            .AtLeast(1, nameof(EvaluationBatchSize), EvaluationBatchSize)
            .Require(Optimizer is not null, nameof(Optimizer), "set", Optimizer)
            .Include(nameof(Optimizer), Optimizer?.Faults() ?? [])
            .Require(Loss is not null, nameof(Loss), "set", Loss)
            .List(nameof(Metrics), Metrics)
            .Require(!string.IsNullOrWhiteSpace(Device), nameof(Device), "auto, cpu, cuda, cuda:N or mps", $"'{Device}'")
            .Require(Enum.IsDefined(Precision), nameof(Precision), "Float32 or BFloat16", Precision)
            .Require(
                Precision != TrainingPrecision.BFloat16 || TorchScripts.Exist,
                nameof(Precision),
                "Float32 with this version of TorchSharp, as BFloat16 was tried with 0.107 alone",
                Precision
            )
            .Require(Enum.IsDefined(DataPlacement), nameof(DataPlacement), "Auto, Device or Host", DataPlacement)
            .AtLeast(1, nameof(EvaluateEveryEpochs), EvaluateEveryEpochs)
            .Require(
                RunDirectory is null || !string.IsNullOrWhiteSpace(RunDirectory),
                nameof(RunDirectory),
                "null or a path",
                $"'{RunDirectory}'"
            );
        for (int i = 0; i < Freezing?.Count; i++)
        {
            faults.Include($"{nameof(Freezing)}[{i}]", Freezing[i]?.Faults() ?? []);
        }

        foreach (var augmentation in (Augmentations ?? []).OfType<Augmentation>())
        {
            faults.Include(augmentation.Name, augmentation.Faults());
        }

        foreach (
            var twice in (Metrics ?? [])
                .OfType<Metric>()
                .GroupBy(metric => metric.Name)
                .Where(group => group.Count() > 1 || group.Key == "loss")
        )
        {
            faults.Add($"Metrics must have unique names other than 'loss', but '{PlainText.Of(twice.Key)}' is taken.");
        }

        if (Loss is IIgnoresLabels { IgnoreIndex: long ignored })
        {
            foreach (
                var metric in (Metrics ?? []).Where(metric => metric is IIgnoresLabels labels && labels.IgnoreIndex != ignored)
            )
            {
                faults.Add(
                    FormattableString.Invariant(
                        $"Metrics must leave out the label {ignored} as the loss does, but '{PlainText.Of(metric.Name)}' counts "
                    ) + FormattableString.Invariant($"it: give the metric ignoreIndex: {ignored}.")
                );
            }
        }

        return faults;
    }
}
