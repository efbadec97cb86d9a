using TorchSharp;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Runs;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Callbacks;

/// <summary>Callbacks that keep, save or put back weights.</summary>
[Collection("Torch")]
public sealed class WeightCallbacksTests
{
    [Theory]
    [InlineData(2, 2)] // stops by itself
    [InlineData(9, 2)] // comes to the end of the run
    public void EarlyStopping_GivesBackTheBestEpochsWeights(int patience, int bestEpoch)
    {
        using var weights = new WeightsByEpoch();
        using var model = Fit(
            [3, 1, 2, 2, 2],
            epochs: 5,
            new EarlyStopping { Monitor = "test_scripted", Patience = patience },
            weights
        );
        weights.AssertIs(bestEpoch, model);
    }

    [Fact]
    public void EarlyStopping_ThatIsNotToRestore_LeavesTheLastWeights()
    {
        using var weights = new WeightsByEpoch();
        using var model = Fit(
            [3, 1, 2, 2, 2],
            epochs: 5,
            new EarlyStopping
            {
                Monitor = "test_scripted",
                Patience = 9,
                RestoreBestWeights = false,
            },
            weights
        );
        weights.AssertIs(5, model);
    }

    [Fact]
    public void EarlyStopping_NaN_IsNeverAnImprovement()
    {
        var stopping = new EarlyStopping { Monitor = "test_scripted", Patience = 3 };
        using var weights = new WeightsByEpoch();
        using var model = Fit([double.NaN, 2, double.NaN, 1, double.NaN], epochs: 5, stopping, weights);
        Assert.Equal(4, stopping.BestEpoch);
        weights.AssertIs(4, model);
    }

    [Fact]
    public void SecondFit_StartsClean()
    {
        var stopping = new EarlyStopping { Monitor = "test_scripted", Patience = 1 };
        using var weights = new WeightsByEpoch();
        using var first = Fit([1, 2, 3], epochs: 3, stopping, weights);
        Assert.Equal(2, weights.Epochs);
        using var more = new WeightsByEpoch();
        using var second = Fit([5, 4, 3], epochs: 3, stopping, more);
        Assert.Equal(3, more.Epochs);
    }

    [Fact]
    public void ExponentialMovingAverage_IsTheFormula_AndIsGivenToTheModel()
    {
        using var folder = new TempFolder();
        using var steps = new WeightsByStep();
        using var model = Fit(
            [1, 1],
            epochs: 2,
            new ExponentialMovingAverage
            {
                Decay = 0.5,
                WarmUp = false,
                EvaluateEachEpoch = false,
                Path = folder["ema.safetensors"],
            },
            steps
        );
        using var scope = NewDisposeScope();
        var average = steps.All[0];
        foreach (var weight in steps.All.Skip(1))
        {
            average = (0.5 * average) + (0.5 * weight);
        }

        TensorAssert.Close(average, model.get_parameter("out.weight")!, 1e-6, "average");
        using var saved = Safetensors.Read(folder["ema.safetensors"]);
        TensorAssert.Identical(model.get_parameter("out.weight")!, saved.Tensors["out.weight"], "saved");
    }

    [Fact]
    public void ModelCheckpoint_KeepsEveryNthAndTheBestFew()
    {
        using var folder = new TempFolder();
        var checkpoint = new ModelCheckpoint
        {
            Directory = folder.Root,
            Monitor = "test_scripted",
            SaveEveryEpochs = 2,
            KeepTop = 2,
        };
        using var weights = new WeightsByEpoch();
        using var model = Fit([5, 1, 4, 2, 3], epochs: 5, checkpoint, weights);
        Assert.Equal(
            [
                "best.safetensors",
                "epoch-0002.safetensors",
                "epoch-0004.safetensors",
                "last.safetensors",
                "top-epoch-0002.safetensors",
                "top-epoch-0004.safetensors",
            ],
            Directory.GetFiles(folder.Root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)
        );
        using var best = TinyModel.Create(seed: 9);
        best.LoadWeights(checkpoint.BestPath!);
        weights.AssertIs(2, best);
        using var last = TinyModel.Create(seed: 9);
        last.LoadWeights(checkpoint.LastPath!);
        weights.AssertIs(5, last);
    }

    [Fact]
    public void ModelCheckpoint_ThatCannotWrite_IsLoud()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], "in the way");
        var error = Assert.Throws<CallbackException>(() =>
            Fit([1], epochs: 1, new ModelCheckpoint { Directory = folder["file"] }).Dispose()
        );
        Assert.IsAssignableFrom<IOException>(error.InnerException);
    }

    [Fact]
    public void NonFiniteWeights_AreNeverSaved_AndEndTheRunSayingSo()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var options = new TrainerOptions
        {
            Epochs = 5,
            Seed = 1,
            BatchSize = 32,
            Device = "cpu",
            RunDirectory = folder["run"],
            DefaultCallbacks = false,
            SaveStateEverySteps = 1,
        };
        var history = new Trainer(options) { Callbacks = { new ModelCheckpoint(), new Poison(step: 4) } }.Fit(model, data, data);

        Assert.Equal(StopReason.NonFinite, history.StopReason);
        Assert.StartsWith(
            "A weight became NaN or infinite in epoch 2, by step 4.",
            history.StopMessage,
            StringComparison.Ordinal
        );
        Assert.False(history.Epochs[^1].IsFinite);
        Assert.True(double.IsFinite(history.Epochs[^1].TrainLoss), "the loss alone would not have shown it");
        foreach (string file in Directory.GetFiles(folder["run/checkpoints"]))
        {
            using var saved = Safetensors.Read(file);
            foreach (var (name, tensor) in saved.Tensors.Where(entry => entry.Value.is_floating_point()))
            {
                using var scope = NewDisposeScope();
                Assert.True(tensor.isfinite().all().ToBoolean(), $"{file}: {name}");
            }
        }

        using var state = new StateFile(folder["run"]).Read();
        Assert.Equal(3, state.State.Step);
    }

    private static nn.Module<Tensor, Tensor> Fit(double[] metrics, int epochs, params Callback[] callbacks)
    {
        using var data = new TinyData(64);
        var model = TinyModel.Create();
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = epochs,
                BatchSize = 32,
                Seed = 1,
                Device = "cpu",
                Optimizer = new AdamOptions { LearningRate = 0.01 },
                Metrics = [new Scripted(metrics)],
            }
        );
        foreach (var callback in callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        trainer.Fit(model, data, data);
        return model;
    }

    private sealed class WeightsByEpoch : Callback, IDisposable
    {
        private readonly List<Tensor> _weights = [];

        public int Epochs => _weights.Count;

        public override void OnEpochEnd(EpochEndEvent e) =>
            _weights.Add(e.Context.Model.get_parameter("out.weight")!.detach().clone());

        public void AssertIs(int epoch, nn.Module model) =>
            TensorAssert.Identical(_weights[epoch - 1], model.get_parameter("out.weight")!, $"weights of epoch {epoch}");

        public void Dispose() => _weights.ForEach(weight => weight.Dispose());
    }

    private sealed class WeightsByStep : Callback, IDisposable
    {
        public List<Tensor> All { get; } = [];

        public override void OnFitStart(FitStartEvent e) => Add(e.Context);

        public override void OnStepEnd(StepEndEvent e) => Add(e.Context);

        public void Dispose() => All.ForEach(weight => weight.Dispose());

        private void Add(FitContext context) =>
            All.Add(context.Model.get_parameter("out.weight")!.detach().clone().DetachFromDisposeScope());
    }

    /// <summary>Makes a gradient infinite that the loss of the same step does not show.</summary>
    private sealed class Poison(int step) : Callback
    {
        public override void OnBeforeOptimizerStep(BeforeOptimizerStepEvent e)
        {
            if (e.Context.Step + 1 == step)
            {
                e.Context.Model.get_parameter("out.bias")!.grad!.fill_(float.PositiveInfinity);
            }
        }
    }
}
