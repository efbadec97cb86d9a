using TorchSharp.Modules;
using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong with training and saved files, by the ids of
/// docs/errors.</summary>
internal static partial class TrainingErrors
{
    internal static readonly TrainerOptions Options = new()
    {
        Epochs = 1,
        BatchSize = 8,
        EvaluationBatchSize = 8,
        Seed = 1,
        Device = "cpu",
        DefaultCallbacks = false,
    };

    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All => [.. Training, .. Runs];

    private static IEnumerable<(string Id, Action<TempFolder> Cause)> Training =>
        [
            ("step-refused", _ => Fit(nn.Sequential(nn.Linear(3, 2)))),
            ("evaluation-refused", _ => new Trainer(Options).Evaluate(nn.Sequential(nn.Linear(3, 2)), new TinyData(16))),
            ("loss-shape", _ => Fit(nn.Sequential(nn.Linear(2, 2), nn.Unflatten(1, [2, 1])))),
            (
                "each-step-targets",
                _ =>
                    new Trainer(Options).Evaluate(
                        SequenceModels.Gru(new RecurrentOptions { Readout = SequenceReadout.EachStep }),
                        BatchSource.From("rows", [new Batch(zeros(2, 3, 28), zeros(2, dtype: ScalarType.Int64))])
                    )
            ),
            ("loss-labels", _ => Losses.CrossEntropy().Compute(zeros(2, 3), zeros(2, 1, dtype: ScalarType.Int64))),
            ("loss-elements", _ => Losses.MeanSquaredError().Compute(zeros(3, 1), zeros(3))),
            ("loss-label-range", _ => Losses.CrossEntropy().Compute(zeros(2, 3), tensor(new long[] { 0, -100 }))),
            ("loss-target-range", _ => Losses.BinaryCrossEntropyWithLogits().Compute(zeros(3), tensor(new[] { 0f, 1, 2 }))),
            (
                "loss-weights",
                _ =>
                    new Trainer(Options with { Loss = Losses.CrossEntropy(classWeights: [1, 2, 3]) }).Fit(
                        TinyModel.Create(),
                        new TinyData(16)
                    )
            ),
            ("nothing-to-train", _ => Fit(nn.Sequential(nn.ReLU()))),
            (
                "no-batch",
                _ => new Trainer(Options with { BatchSize = 64, DropLast = true }).Fit(TinyModel.Create(), new TinyData(16))
            ),
            ("no-batch-evaluate", _ => new Trainer(Options).Evaluate(TinyModel.Create(), BatchSource.From("nothing", []))),
            ("no-batch-predict", _ => new Trainer(Options).Predict(TinyModel.Create(), BatchSource.From("nothing", []))),
            ("no-batch-trial", _ => new Trainer(Options).OverfitOneBatch(TinyModel.Create(), BatchSource.From("nothing", []))),
            ("model-in-training", _ => WhileItTrains(model => new Trainer(Options).Evaluate(model, new TinyData(16)))),
            (
                "frozen-later",
                _ =>
                {
                    var model = TinyModel.Create();
                    model.get_parameter("hidden.bias")!.requires_grad = false;
                    Fit(
                        model,
                        new TracingCallback([])
                        {
                            At = "EpochStart 1",
                            Act = context => context.Model.get_parameter("hidden.bias")!.requires_grad = true,
                        }
                    );
                }
            ),
            (
                "final-weights",
                _ =>
                    new Trainer(Options) { Callbacks = { new EarlyStopping(), new ExponentialMovingAverage() } }.Fit(
                        TinyModel.Create(),
                        new TinyData(16)
                    )
            ),
            (
                "schedule-warm-up",
                _ =>
                    new Trainer(Options with { Schedule = new ConstantSchedule { WarmupSteps = 3 } }).Fit(
                        TinyModel.Create(),
                        new TinyData(16)
                    )
            ),
            ("batch-norm-one", _ => Fit(nn.Sequential(("linear", nn.Linear(2, 2)), ("bn", nn.BatchNorm1d(2))), count: 17)),
            (
                "split-twice",
                _ =>
                    new Trainer(Options with { ValidationSplit = 0.5 }).Fit(
                        TinyModel.Create(),
                        new FitData { Train = new TinyData(16), Validation = new TinyData(16) }
                    )
            ),
            ("split-source", _ => new Trainer(Options with { ValidationSplit = 0.5 }).Fit(TinyModel.Create(), new TinyData(16))),
            (
                "schedule-count",
                _ =>
                    new Trainer(Options with { Schedule = new CosineSchedule() }).Fit(
                        TinyModel.Create(),
                        BatchSource.From("stream", _ => new TinyData(16).Read(new BatchRequest { BatchSize = 8 }))
                    )
            ),
            (
                "group-empty",
                _ =>
                    new Trainer(
                        Options with
                        {
                            Optimizer = new SgdOptions { ParameterGroups = [new ParameterGroup { Parameters = "conv" }] },
                        }
                    ).Fit(TinyModel.Create(), new TinyData(16))
            ),
            (
                "group-overlap",
                _ =>
                    new SgdOptions { ParameterGroups = [new("hidden"), ParameterGroup.WithoutWeightDecay] }.Create(
                        TinyModel.Create()
                    )
            ),
            ("freeze-empty", _ => Fit(new Freeze("conv"))),
            ("freeze-nothing-to-unfreeze", _ => Fit(new Freeze("hidden"), new Unfreeze("out") { FromEpoch = 2 })),
            ("freeze-all", _ => Fit(new Freeze("*") { FromEpoch = 2 })),
            (
                "group-unsupported",
                _ =>
                    new Trainer(
                        Options with
                        {
                            Optimizer = new Ungrouped { ParameterGroups = [new ParameterGroup { Parameters = "hidden" }] },
                        }
                    ).Fit(TinyModel.Create(), new TinyData(16))
            ),
            (
                "callback-failed",
                _ =>
                    Fit(
                        TinyModel.Create(),
                        new TracingCallback([])
                        {
                            At = "StepEnd 1",
                            Act = _ => throw new InvalidOperationException("no more paper"),
                        }
                    )
            ),
            ("callback-settings", _ => Fit(TinyModel.Create(), new EarlyStopping { Patience = 0 })),
            ("callback-monitor", _ => Fit(TinyModel.Create(), new EarlyStopping { Monitor = "test_los" })),
            (
                "metric-unknown",
                _ =>
                    Fit(
                        TinyModel.Create(),
                        new TracingCallback([]) { At = "FitStart", Act = context => context.HigherIsBetter("test_los") }
                    )
            ),
            (
                "callback-scale",
                _ =>
                    Fit(
                        TinyModel.Create(),
                        new TracingCallback([]) { At = "StepEnd 1", Act = context => context.LearningRateScale = -1 }
                    )
            ),
            ("history-metric", _ => Fit(TinyModel.Create())["test_loss"].ToList()),
        ];

    internal static TrainingHistory Fit(nn.Module<Tensor, Tensor> model, Callback? callback = null, int count = 16)
    {
        var trainer = new Trainer(Options);
        if (callback is not null)
        {
            trainer.Callbacks.Add(callback);
        }

        return trainer.Fit(model, new TinyData(count));
    }

    private static TrainingHistory Fit(params FreezeRule[] rules) =>
        new Trainer(Options with { Epochs = 2, Freezing = rules }).Fit(TinyModel.Create(), new TinyData(16));

    /// <summary>Does something with a model on another thread while this one trains it.</summary>
    private static void WhileItTrains(Action<nn.Module<Tensor, Tensor>> other)
    {
        Exception? error = null;
        var culture = System.Globalization.CultureInfo.CurrentCulture;
        Fit(
            TinyModel.Create(),
            new TracingCallback([])
            {
                At = "StepEnd 1",
                Act = context =>
                {
                    var thread = new Thread(() => error = Record.Exception(() => other(context.Model)))
                    {
                        CurrentCulture = culture,
                    };
                    thread.Start();
                    thread.Join();
                },
            }
        );
        throw error!;
    }

    private static void Run(TempFolder folder, TrainerOptions? options = null) =>
        new Trainer((options ?? Options) with { RunDirectory = folder["run"], SaveStateEverySteps = 1 }).Fit(
            TinyModel.Create(),
            new TinyData(16)
        );

    private static void Resume(TempFolder folder, TrainerOptions? options = null) =>
        new Trainer((options ?? Options) with { Epochs = 2 }).Resume(folder["run"], TinyModel.Create(), new TinyData(16));

    private static void Twice(TempFolder folder, Action action)
    {
        action();
        Assert.True(Directory.Exists(folder["run"]));
        action();
    }

    private static void Damage(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private sealed record Ungrouped : OptimizerOptions
    {
        public override double LearningRate { get; init; } = 0.1;

        protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) => optim.SGD(parameters, LearningRate);
    }

    /// <summary>An optimizer that is another one in secret.</summary>
    private sealed record Renamed : OptimizerOptions
    {
        public override double LearningRate { get; init; } = 0.1;

        public double Momentum { get; init; }

        internal bool IsAdam { get; init; }

        protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) =>
            IsAdam ? optim.Adam(parameters, LearningRate) : optim.SGD(parameters, LearningRate, Momentum);
    }

    private sealed class Stateful : Callback, IStatefulCallback
    {
        public string? Asks { get; init; }

        public string StateKey => "mine";

        public void SaveState(CallbackState state) => state.Set("text", "a");

        public void LoadState(CallbackState state) => _ = Asks is null ? 0 : state.GetInteger(Asks);
    }
}
