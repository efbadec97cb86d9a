using TorchSharp;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>What is NaN or infinite is found, named and never saved: the loss, a weight, a buffer, the data.</summary>
[Collection("Torch")]
public sealed class FinitenessTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 3,
        Seed = 1,
        BatchSize = 64,
        Device = "cpu",
        DefaultCallbacks = false,
    };

    [Theory]
    [InlineData(257, 64)]
    [InlineData(3, 1)]
    public void LastBatchOfOneBeforeABatchNorm_IsRefusedBeforeTheFirstStep(int samples, int batchSize)
    {
        using var data = new TinyData(samples);
        using var model = WithBatchNorm();
        using var before = model.get_parameter("out.weight")!.clone();
        var error = Assert.Throws<InvalidOperationException>(() =>
            new Trainer(Options with { BatchSize = batchSize }).Fit(model, data, data)
        );
        Assert.StartsWith(
            "A batch of one sample gives the batch normalisation 'bn' one value for each channel",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("Set DropLast", error.Message, StringComparison.Ordinal);
        TensorAssert.Identical(before, model.get_parameter("out.weight")!, "no step was made");
        AssertFinite(model);
    }

    [Fact]
    public void LastBatchOfOne_TrainsWithDropLast_OrWithTheModuleInEvaluationMode()
    {
        using var data = new TinyData(257);
        using var model = WithBatchNorm();
        Assert.Equal(StopReason.Completed, new Trainer(Options with { DropLast = true }).Fit(model, data, data).StopReason);
        AssertFinite(model);
        using var frozen = WithBatchNorm();
        frozen.named_children().Single(child => child.name == "bn").module.eval();
        Assert.Equal(StopReason.Completed, new Trainer(Options).Fit(frozen, data, data).StopReason);
        AssertFinite(frozen);
    }

    [Fact]
    public void ReadyBatchOfOne_IsRefusedWhenItComes()
    {
        using var data = new TinyData(9);
        using var model = WithBatchNorm();
        var source = BatchSource.From("ready", [.. data.Read(new BatchRequest { BatchSize = 4 })]);
        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(Options).Fit(model, source));
        Assert.Contains("It received [1, 8].", error.Message, StringComparison.Ordinal);
        AssertFinite(model);
    }

    [Fact]
    public void BatchOfOne_WithManyValuesAChannel_Trains()
    {
        using var model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 2));
        using var inputs = randn(9, 1, 4, 4);
        using var targets = zeros(9, dtype: ScalarType.Int64);
        var batches = Enumerable.Range(0, 9).Select(i => new Batch(inputs[i..(i + 1)], targets[i..(i + 1)])).ToList();
        Assert.Equal(StopReason.Completed, new Trainer(Options).Fit(model, BatchSource.From("one", batches)).StopReason);
        AssertFinite(model);
    }

    [Fact]
    public void NonFiniteBuffer_EndsTheRun_IsNamed_AndIsNotSaved()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(128);
        using var model = WithBatchNorm();
        var history = new Trainer(Options with { RunDirectory = folder["run"], SaveStateEverySteps = 1 })
        {
            Callbacks =
            {
                new ModelCheckpoint { Monitor = "train_loss" },
                new TracingCallback([])
                {
                    At = "StepEnd 3",
                    Act = context => context.Model.get_buffer("bn.running_var")!.fill_(float.NaN),
                },
            },
        }.Fit(model, data);
        Assert.Equal(StopReason.NonFinite, history.StopReason);
        Assert.StartsWith(
            "A buffer became NaN or infinite in epoch 2, by step 3. "
                + "The first such tensor of the model is the buffer 'bn.running_var'.",
            history.StopMessage,
            StringComparison.Ordinal
        );
        Assert.Equal([true, false], history.Epochs.Select(epoch => epoch.IsFinite));
        using var saved = WithBatchNorm();
        foreach (string file in Directory.GetFiles(folder["run/checkpoints"], "*.safetensors"))
        {
            if (!file.EndsWith(".state.safetensors", StringComparison.Ordinal))
            {
                VisionSeqModels.ModelWeights.LoadWeights(saved, file);
                AssertFinite(saved);
            }
        }

        using var state = new VisionSeqModels.Runs.StateFile(folder["run"]).Read();
        Assert.Equal(2, state.State.Step);
    }

    [Fact]
    public void MaskWithInfinities_FromTheStart_IsNoFault()
    {
        using var data = new TinyData(64);
        using var model = WithBatchNorm();
        model.register_buffer("mask", full([2, 2], float.NegativeInfinity));
        var history = new Trainer(Options).Fit(model, data);
        Assert.Equal(StopReason.Completed, history.StopReason);
        Assert.All(history.Epochs, epoch => Assert.True(epoch.IsFinite));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void NaNInTheData_IsNamedByItsBatch(int accumulation)
    {
        using var data = new TinyData(64);
        data.Inputs[40, 1] = float.NaN;
        using var model = TinyModel.Create();
        var history = new Trainer(Options with { BatchSize = 8, Shuffle = false, GradientAccumulationSteps = accumulation }).Fit(
            model,
            data
        );
        Assert.Equal(
            $"The training loss became NaN in epoch 1, by step {8 / accumulation}. "
                + "The first such tensor of the model is the weight 'hidden.weight'. Batch 6 of the epoch (of 'tiny') has NaN "
                + "or infinite inputs. Correct the data or leave these samples out.",
            history.StopMessage
        );
    }

    [Fact]
    public void BatchOfClassWeightZero_TrainsNothing_AndStaysFinite()
    {
        using var data = new TinyData(64);
        data.Targets.zero_();
        using var model = TinyModel.Create();
        var history = new Trainer(Options with { Loss = Losses.CrossEntropy(classWeights: [0, 1]) }).Fit(model, data);
        Assert.Equal(StopReason.Completed, history.StopReason);
        AssertFinite(model);
    }

    private static nn.Module<Tensor, Tensor> WithBatchNorm() =>
        nn.Sequential(("hidden", nn.Linear(2, 8)), ("bn", nn.BatchNorm1d(8)), ("tanh", nn.Tanh()), ("out", nn.Linear(8, 2)));

    private static void AssertFinite(nn.Module model)
    {
        using var scope = NewDisposeScope();
        Assert.All(
            model.state_dict().Where(entry => entry.Value.is_floating_point()),
            entry => Assert.True(entry.Value.isfinite().all().ToBoolean(), entry.Key)
        );
    }
}
