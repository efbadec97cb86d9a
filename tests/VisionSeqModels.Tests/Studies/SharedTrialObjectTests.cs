using VisionSeqModels.Data;
using VisionSeqModels.Studies;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies;

/// <summary>One object for all trials: the study ends with a sentence before the second trial trains, and goes on when each trial
/// has its own.</summary>
[Collection("Torch")]
public sealed class SharedTrialObjectTests : TinyDataTests
{
    public static TheoryData<string, string> Shared =>
        new()
        {
            { "model", "gave the model to the trial 'a, seed 1' and again to 'b, seed 1'" },
            { "module", "gave the module 'hidden' to the trial 'a, seed 1' and again to 'b, seed 1'" },
            { "parameter", "threw for the trial 'b, seed 1': A null tensor cannot be registered" },
            { "optimizer", "The optimizer of the trial 'a, seed 1' is the same each time that Keeping is asked for one." },
            { "callback", "gave the callback EarlyStopping to the trial 'a, seed 1' and again to 'b, seed 1'" },
            { "logger", "gave the callback CsvLogger to the trial 'a, seed 1' and again to 'b, seed 1'" },
            { "own callback", "gave the callback Counter to the trial 'a, seed 1' and again to 'b, seed 1'" },
        };

    [Theory]
    [MemberData(nameof(Shared))]
    public void ObjectOfTwoTrials_EndsTheStudyBeforeTheSecondTrains(string what, string message)
    {
        using var model = TinyModel.Create();
        using var layer = nn.Linear(2, 8);
        using var weight = nn.Parameter(randn(2, 2));
        using var optimizer = new OneOptimizer();
        Callback callback = what switch
        {
            "callback" => new EarlyStopping(),
            "logger" => new CsvLogger(),
            _ => new Counter(),
        };
        var trained = new HashSet<string>();
        var error = Assert.ThrowsAny<InvalidOperationException>(() =>
            Run(
                (name, _) =>
                    Trial(
                        what switch
                        {
                            "model" => model,
                            "module" => nn.Sequential(("hidden", layer), ("out", nn.Linear(8, 2))),
                            "parameter" => new Holder(weight),
                            _ => TinyModel.Create(),
                        },
                        [
                            new TracingCallback([]) { At = "StepEnd 1", Act = _ => trained.Add(name) },
                            .. what.EndsWith("callback", StringComparison.Ordinal) || what == "logger"
                                ? [callback]
                                : (Callback[])[],
                        ],
                        what == "optimizer" ? optimizer.Options : null
                    )
            )
        );
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(what == "optimizer" ? [] : ["a"], trained);

        // With objects of its own each trial completes, those that were refused included.
        var study = Run((_, _) => Trial(TinyModel.Create(), what == "callback" ? [new EarlyStopping()] : []), accept: true);
        Assert.Equal(2, study.Trials.Count(trial => trial.Outcome == StopReason.Completed));
    }

    [Fact]
    public void ModelOfTrialsAtOnce_IsNotDisposedUnderTheOneThatTrainsIt()
    {
        using var images = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 64,
                TestCount = 16,
                Size = 16,
            }
        );
        using var model = SequenceModels.Rnn(RecurrentOptions.For(images) with { HiddenSize = 4 });
        var error = Assert.ThrowsAny<InvalidOperationException>(() =>
            Study.Run(
                Folder["s"],
                StudyPlan.List(("a", "a"), ("b", "b")),
                (_, _) => Trial(model, []),
                new FitData { Train = images.Train, Test = images.Test },
                new StudyOptions { ParallelTrials = 2, ThreadsPerTrial = 1 }
            )
        );
        Assert.Contains("gave the model to the trial", error.Message, StringComparison.Ordinal);
        Assert.Single(Study.Open(Folder["s"]).Trials, trial => trial.Outcome == StopReason.Completed);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("validation")]
    [InlineData("test")]
    public void DataThatCanBeReadOnlyOnce_EndsTheStudyBeforeTheSecondTrial(string role)
    {
        var once = BatchSource.From("once", Once(Tiny));
        var data = new FitData
        {
            Train = role == "train" ? once : Tiny,
            Validation = role == "validation" ? once : null,
            Test = role == "test" ? once : Tiny,
        };
        var error = Assert.ThrowsAny<InvalidOperationException>(() =>
            Run((_, _) => Trial(TinyModel.Create(), []) with { Options = Options with { Epochs = 1 } }, data)
        );
        Assert.Contains(
            "The data 'once' gives no batch to the trial 'b, seed 1', after 'a, seed 1' has read it",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(StopReason.Completed, TrainingHistory.Load(Folder["s/001_a_seed1"]).StopReason);
    }

    [Fact]
    public void DataThatBeginsAgain_IsReadByAllTrials()
    {
        var list = BatchSource.From("list", [.. Tiny.Read(new BatchRequest { BatchSize = 16 }).Select(Kept)], 64);
        var function = BatchSource.From("function", request => Tiny.Read(request), 64);
        var study = Run((_, _) => Trial(TinyModel.Create(), []), new FitData { Train = list, Test = function });
        Assert.All(study.Trials, trial => Assert.Equal(StopReason.Completed, trial.Outcome));
    }

    /// <summary>What keeps nothing of a run may be shared: options, losses, metrics, and a callback of one's own that only
    /// watches. A model may use a part of it twice.</summary>
    [Fact]
    public void WhatHasNoState_MayBeShared()
    {
        var watcher = new TracingCallback([]);
        var options = Options with { Metrics = [new Accuracy()], Loss = Losses.CrossEntropy() };
        var study = Run(
            (_, _) =>
            {
                var twice = nn.Linear(8, 8);
                return new StudyTrial
                {
                    Model = nn.Sequential(("in", nn.Linear(2, 8)), ("one", twice), ("two", twice), ("out", nn.Linear(8, 2))),
                    Options = options,
                    Callbacks = [watcher],
                };
            }
        );
        Assert.All(study.Trials, trial => Assert.Equal((StopReason.Completed, null), (trial.Outcome, trial.Reason)));
    }

    private static readonly TrainerOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 16,
        Device = "cpu",
    };

    private static IEnumerable<Batch> Once(TinyData data)
    {
        var queue = new Queue<Batch>(data.Read(new BatchRequest { BatchSize = 16 }).Select(Kept));
        return Drain(queue);
    }

    private static IEnumerable<Batch> Drain(Queue<Batch> queue)
    {
        while (queue.TryDequeue(out var batch))
        {
            yield return batch;
        }
    }

    private static Batch Kept(Batch batch) => new(batch.Inputs.DetachFromDisposeScope(), batch.Targets.DetachFromDisposeScope());

    private static StudyTrial Trial(nn.Module<Tensor, Tensor> model, Callback[] callbacks, OptimizerOptions? optimizer = null) =>
        new()
        {
            Model = model,
            Options = Options with { Optimizer = optimizer ?? new SgdOptions { LearningRate = 0.1 } },
            Callbacks = callbacks,
        };

    private Study Run(Func<string, long, StudyTrial> make, FitData? data = null, bool accept = false) =>
        Study.Run(
            Folder["s"],
            StudyPlan.List(("a", "a"), ("b", "b")),
            make,
            data ?? new FitData { Train = Tiny, Test = Tiny },
            new StudyOptions { AcceptChanges = accept }
        );

    private sealed class Counter : Callback, IStatefulCallback
    {
        private long _steps;

        public string StateKey => nameof(Counter);

        public override void OnStepEnd(StepEndEvent e) => _steps++;

        public void SaveState(CallbackState state) => state.Set("steps", _steps);

        public void LoadState(CallbackState state) => _steps = state.GetInteger("steps");
    }

    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
#pragma warning disable CA1823, IDE0052 // registered by its name
        private readonly TorchSharp.Modules.Parameter weight;
#pragma warning restore CA1823, IDE0052

        public Holder(TorchSharp.Modules.Parameter weight)
            : base(nameof(Holder))
        {
            this.weight = weight;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => input.matmul(weight);
    }

    /// <summary>Options of the user's own that keep the optimizer they made first.</summary>
    private sealed class OneOptimizer : IDisposable
    {
        private optim.Optimizer? _made;

        public OptimizerOptions Options => new Keeping(this);

        public void Dispose() => _made?.Dispose();

        private sealed record Keeping : OptimizerOptions
        {
            private readonly OneOptimizer _owner;

            public Keeping(OneOptimizer owner) => _owner = owner;

            public override double LearningRate { get; init; } = 0.1;

            public override string Name => "Keeping";

            protected override optim.Optimizer Create(IReadOnlyList<TorchSharp.Modules.Parameter> parameters) =>
                _owner._made ??= optim.SGD(parameters, LearningRate);
        }
    }
}
