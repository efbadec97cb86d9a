using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>What was disposed, or never had tensors, is named; within a fit with its epoch and step.</summary>
[Collection("Torch")]
public sealed class DisposedTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 2,
        Seed = 1,
        BatchSize = 8,
        EvaluationBatchSize = 8,
        Device = "cpu",
    };

    private static readonly Dictionary<string, Action<nn.Module<Tensor, Tensor>, IBatchSource>> Uses = new()
    {
        ["Fit"] = (model, data) => new Trainer(Options).Fit(model, data),
        ["Accumulate"] = (model, data) => new Trainer(Options with { GradientAccumulationSteps = 2 }).Fit(model, data),
        ["Test"] = (model, data) => new Trainer(Options).Fit(model, new TinyData(16), data),
        ["Evaluate"] = (model, data) => new Trainer(Options).Evaluate(model, data),
        ["Predict"] = (model, data) => new Trainer(Options).Predict(model, data),
        ["PredictBatches"] = (model, data) => new Trainer(Options).PredictBatches(model, data).Count(),
        ["OverfitOneBatch"] = (model, data) => new Trainer(Options).OverfitOneBatch(model, data),
        ["LearningRateRangeTest"] = (model, data) => new Trainer(Options).LearningRateRangeTest(model, data),
    };

    private static readonly Dictionary<string, Func<IBatchSource>> Spoilt = new()
    {
        ["tiny"] = () => Disposed(new TinyData(16)),
        ["images"] = () =>
            Disposed(new ImageDataset("images", zeros(16, 1, 1, 2).to_type(ScalarType.Byte), arange(16) % 2, ["a", "b"])),
        ["scoped"] = () => BatchSource.From("scoped", MadeInAScope()),
        ["default"] = () => BatchSource.From("default", [default(Batch)]),
        ["own"] = () => new One(default),
        ["own scoped"] = () => new One(MadeInAScope()[0]),
    };

    public static TheoryData<string> Data => [.. Uses.Keys.SelectMany(use => Spoilt.Keys.Select(data => $"{use}/{data}"))];

    public static TheoryData<string> Readers => [.. Uses.Keys];

    [Theory]
    [MemberData(nameof(Data))]
    public void DisposedOrEmptyData_IsNamed(string name)
    {
        string[] parts = name.Split('/');
        var (use, data) = (parts[0], parts[1]);
        using var model = data == "images" ? nn.Sequential(("flat", nn.Flatten()), ("out", nn.Linear(2, 2))) : TinyModel.Create();
        var source = Spoilt[data]();
        var error = Assert.ThrowsAny<InvalidOperationException>(() => Uses[use](model, source));
        Assert.Contains($"The data '{source.Name}' ", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            data is "default" or "own" ? "default(Batch), which has no tensors" : "was disposed",
            error.Message,
            StringComparison.Ordinal
        );
        if ((data is "tiny" or "images") && (use is "Fit" or "Accumulate" or "Test"))
        {
            Assert.StartsWith("The data '", error.Message, StringComparison.Ordinal); // before the fit begins
        }
        else if (use is "Fit" or "Accumulate")
        {
            Assert.StartsWith(
                "Training failed in epoch 1, after 0 of its steps: ",
                Assert.IsType<TrainingStepException>(error).Message,
                StringComparison.Ordinal
            );
        }
        else if (use is "Test" or "Evaluate" or "Predict" or "PredictBatches")
        {
            Assert.StartsWith(
                use == "Test"
                    ? "After the training of epoch 1: The evaluation of batch 1 of '"
                    : "The evaluation of batch 1 of '",
                Assert.IsType<EvaluationException>(error).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void DisposedModel_IsNamed(string use)
    {
        var model = TinyModel.Create();
        model.Dispose();
        using var data = new TinyData(16);
        var error = Assert.Throws<ObjectDisposedException>(() => Uses[use](model, data));
        Assert.StartsWith("The model 'Sequential' was disposed.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FitStart", "epoch 1, after 0")]
    [InlineData("EpochStart 2", "epoch 2, after 0")]
    [InlineData("BeforeOptimizerStep 3", "epoch 2, after 0")]
    [InlineData("StepEnd 1", "epoch 1, after 1")]
    [InlineData("StepEnd 4", "epoch 2, after 2")]
    [InlineData("EvaluationEnd test 2", "epoch 2, after")]
    [InlineData("EpochEnd 1", "epoch 2, after 0")]
    [InlineData("EpochEnd 2", "epoch 2, after 0")]
    public void ModelDisposedInACallback_EndsTheFitWithEpochAndStep(string hook, string position)
    {
        using var data = new TinyData(16);
        var history = (TrainingHistory?)null;
        var end = new FitEnds(e => history = e.History);
        var trainer = new Trainer(Options)
        {
            Callbacks =
            {
                new TracingCallback([]) { At = hook, Act = context => context.Model.Dispose() },
                end,
            },
        };
        var error = Assert.Throws<TrainingStepException>(() => trainer.Fit(TinyModel.Create(), data, data));
        Assert.Contains(position, error.Message, StringComparison.Ordinal);
        Assert.Contains("The model 'Sequential' was disposed.", error.Message, StringComparison.Ordinal);
        Assert.Equal(StopReason.Failed, history!.StopReason);
        Assert.Equal(error.Message, history.StopMessage);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("optimizer")]
    [InlineData("layer")]
    public void OtherThingsDisposedInACallback_EndTheFitWithEpochAndStep(string what)
    {
        var data = new TinyData(16);
        var layer = nn.Linear(2, 2);
        var model = nn.Sequential(("layer", layer));
        var trainer = new Trainer(Options)
        {
            Callbacks =
            {
                new TracingCallback([])
                {
                    At = "StepEnd 1",
                    Act = context =>
                    {
                        IDisposable gone = what switch
                        {
                            "data" => data,
                            "optimizer" => context.Optimizer,
                            _ => layer,
                        };
                        gone.Dispose();
                    },
                },
            },
        };
        var error = Assert.Throws<TrainingStepException>(() => trainer.Fit(model, data));
        Assert.StartsWith("Training failed in epoch 1, after 1 of its steps: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            what == "data" ? "The data 'tiny' was disposed" : "was disposed",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void TensorDisposedInACallback_IsSaidInItsException()
    {
        using var data = new TinyData(16);
        using var model = TinyModel.Create();
        var trainer = new Trainer(Options)
        {
            Callbacks =
            {
                new TracingCallback([])
                {
                    At = "StepEnd 1",
                    Act = _ =>
                    {
                        var tensor = zeros(1);
                        tensor.Dispose();
                        tensor.add_(1);
                    },
                },
            },
        };
        var error = Assert.Throws<CallbackException>(() => trainer.Fit(model, data));
        Assert.Contains("failed in OnStepEnd at epoch 1, step 1: A tensor of", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Data that something else disposes and names keeps its own message.</summary>
    [Fact]
    public void ModelDisposedAtTheEndOfAll_IsTheUsersOwnBusiness()
    {
        using var data = new TinyData(16);
        var trainer = new Trainer(Options) { Callbacks = { new FitEnds(e => e.Context.Model.Dispose()) } };
        Assert.Equal(StopReason.Completed, trainer.Fit(TinyModel.Create(), data).StopReason);
    }

    private static IBatchSource Disposed<T>(T data)
        where T : IBatchSource, IDisposable
    {
        data.Dispose();
        return data;
    }

    private static List<Batch> MadeInAScope()
    {
        using var scope = NewDisposeScope();
        using var data = new TinyData(16);
        return [.. data.Read(new BatchRequest { BatchSize = 8 })];
    }

    private sealed class One(Batch batch) : IBatchSource
    {
        public string Name => "one";

        public long? SampleCount => null;

        public IEnumerable<Batch> Read(BatchRequest request) => [batch];
    }

    private sealed class FitEnds(Action<FitEndEvent> act) : Callback
    {
        public override void OnFitEnd(FitEndEvent e) => act(e);
    }
}
