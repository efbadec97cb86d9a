using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>Reading does not change a model, and nobody flips its modes under somebody else.</summary>
[Collection("Torch")]
public sealed class ModelUseTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 2,
        Seed = 1,
        BatchSize = 32,
        EvaluationBatchSize = 16,
        Device = "cpu",
    };

    [Fact]
    public void EvaluateAndPredict_FromFourThreads_GiveTheAnswerOfOne_AndChangeNothing()
    {
        using var data = new TinyData(64);
        using var model = WithBatchNormAndDropout();
        var trainer = new Trainer(Options);
        trainer.Fit(model, data);
        using var mean = model.get_buffer("bn.running_mean")!.clone();
        double loss = trainer.Evaluate(model, data).Loss;
        using var outputs = trainer.Predict(model, data);
        int wrong = 0;
        Together(
            4,
            thread =>
            {
                for (int i = 0; i < 100; i++)
                {
                    using var scope = NewDisposeScope();
                    bool same =
                        (thread + i) % 2 == 0
                            ? trainer.Evaluate(model, data).Loss == loss
                            : trainer.Predict(model, data).bytes.SequenceEqual(outputs.bytes);
                    Interlocked.Add(ref wrong, same ? 0 : 1);
                }
            }
        );
        Assert.Equal(0, wrong);
        TensorAssert.Identical(mean, model.get_buffer("bn.running_mean")!, "running mean");
        Assert.All(model.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void EvaluateBesideFit_IsRefused_AndTheTrainingIsAsAlone()
    {
        using var data = new TinyData(64);
        using var alone = WithBatchNormAndDropout();
        new Trainer(Options).Fit(alone, data);
        using var model = WithBatchNormAndDropout();
        int refused = 0;
        void Try(Action action) =>
            Together(
                1,
                _ =>
                {
                    var error = Assert.Throws<InvalidOperationException>(action);
                    Assert.Contains("is being trained by another thread", error.Message, StringComparison.Ordinal);
                    refused++;
                }
            );
        var trainer = new Trainer(Options)
        {
            Callbacks =
            {
                new TracingCallback([])
                {
                    At = "StepEnd 2",
                    Act = _ =>
                    {
                        Try(() => new Trainer(Options).Evaluate(model, data));
                        Try(() => new Trainer(Options).Predict(model, data));
                        Try(() => new Trainer(Options).Fit(model, data));
                        Try(() => new EvaluationMode(model).Dispose());
                        new Trainer(Options).Evaluate(model, data); // the training thread itself may
                    },
                },
            },
        };
        trainer.Fit(model, data);
        Assert.Equal(4, refused);
        foreach (var (name, tensor) in alone.state_dict())
        {
            TensorAssert.Identical(tensor, model.state_dict()[name], name);
        }

        new Trainer(Options).Evaluate(model, data); // and after it anyone
    }

    [Fact]
    public void EvaluationMode_IsHeldByOneThread_AndPutsBackEveryMode()
    {
        using var data = new TinyData(64);
        using var model = WithBatchNormAndDropout();
        Module(model, "bn").eval();
        using var done = new ManualResetEventSlim();
        Thread other;
        using (var mode = new EvaluationMode(model))
        {
            Assert.All(model.modules(), module => Assert.False(module.training));
            other = new Thread(() =>
            {
                new Trainer(Options).Evaluate(model, data);
                done.Set();
            });
            other.Start();
            Assert.False(done.Wait(200), "another thread waits");
            new Trainer(Options).Evaluate(model, data);
            mode.Dispose();
            mode.Dispose();
            other.Join();
        }

        Assert.True(done.IsSet);
        Assert.True(model.training);
        Assert.Equal(["bn"], model.named_children().Where(child => !child.module.training).Select(child => child.name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ModuleInEvaluationMode_StaysFrozenWhileTraining(bool byCallback)
    {
        using var data = new TinyData(64);
        using var model = WithBatchNormAndDropout();
        using var mean = model.get_buffer("bn.running_mean")!.clone();
        var trainer = new Trainer(Options);
        if (byCallback)
        {
            trainer.Callbacks.Add(
                new TracingCallback([]) { At = "EpochStart 1", Act = context => Module(context.Model, "bn").eval() }
            );
        }
        else
        {
            Module(model, "bn").eval();
        }

        trainer.Fit(model, data, data);
        TensorAssert.Identical(mean, model.get_buffer("bn.running_mean")!, "running mean");
        Assert.Equal(byCallback, Module(model, "bn").training);
        using var whole = WithBatchNormAndDropout();
        whole.eval();
        new Trainer(Options).Fit(whole, data, data);
        Assert.False(whole.get_buffer("bn.running_mean")!.equal(mean).all().ToBoolean());
        Assert.False(whole.training);
    }

    [Fact]
    public void TensorKeptFromEvaluation_WorksInTheNextFit()
    {
        using var data = new TinyData(64);
        using var model = new Keeping();
        var trainer = new Trainer(Options);
        trainer.Evaluate(model, data);
        Assert.Equal(StopReason.Completed, trainer.Fit(model, data).StopReason);
    }

    [Fact]
    public void PredictBatches_ArePredictInParts_AndLeaveTheModesBetween()
    {
        using var data = new TinyData(40);
        using var model = WithBatchNormAndDropout();
        var trainer = new Trainer(Options);
        using var whole = trainer.Predict(model, data);
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        foreach (var part in trainer.PredictBatches(model, data))
        {
            parts.Add(part);
            Assert.True(model.training);
            Assert.True(is_grad_enabled());
        }

        Assert.Equal([16L, 16L, 8L], parts.Select(part => part.size(0)));
        TensorAssert.Identical(whole, cat(parts), "predictions");
    }

    private static void Together(int count, Action<int> work)
    {
        var errors = new List<Exception>();
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new Thread(() =>
                {
                    if (Record.Exception(() => work(i)) is Exception error)
                    {
                        lock (errors)
                        {
                            errors.Add(error);
                        }
                    }
                })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Empty(errors);
    }

    private static nn.Module Module(nn.Module model, string name) =>
        model.named_children().Single(child => child.name == name).module;

    private static nn.Module<Tensor, Tensor> WithBatchNormAndDropout()
    {
        manual_seed(3);
        return nn.Sequential(
            ("hidden", nn.Linear(2, 8)),
            ("bn", nn.BatchNorm1d(8)),
            ("dropout", nn.Dropout(0.5)),
            ("out", nn.Linear(8, 2))
        );
    }

    /// <summary>Makes a tensor in its first call, and keeps it.</summary>
    private sealed class Keeping : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear _linear = nn.Linear(2, 2);
        private Tensor? _scale;

        public Keeping()
            : base(nameof(Keeping)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            _scale ??= ones(2).DetachFromDisposeScope();
            return _linear.call(input) * _scale;
        }
    }
}
