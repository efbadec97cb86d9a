using TorchSharp;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Runs;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Callbacks;

/// <summary>Nothing empty, disposed or non-finite replaces good weights: in each file that a run writes, and in the model that it
/// gives back.</summary>
[Collection("Torch")]
public sealed class WeightFileTests
{
    public static TheoryData<string> Faults => ["nan", "infinite", "disposed"];

    [Theory]
    [MemberData(nameof(Faults))]
    public void EveryFileOfWeights_StaysWholeAndFinite_WhenTheModelIsNot(string fault)
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        var trainer = new Trainer(Options(folder) with { Epochs = 3 })
        {
            Callbacks =
            {
                Spoil(fault),
                new ModelCheckpoint { SaveEveryEpochs = 1, KeepTop = 3 },
                new ExponentialMovingAverage { ApplyAtEnd = false },
                new StochasticWeightAverage { StartEpoch = 1, ApplyAtEnd = false },
            },
        };
        _ = Record.Exception(() => trainer.Fit(TinyModel.Create(), data, data));

        string[] files = Directory.GetFiles(folder["run/checkpoints"]);
        string[] names =
        [
            "best",
            "ema",
            "epoch-0001",
            "last",
            "last.state",
            "previous.state",
            "swa",
            "swa-deviation",
            "top-epoch-0001",
        ];
        Assert.All(names, name => Assert.Contains(folder[$"run/checkpoints/{name}.safetensors"], files));
        Assert.All(
            files,
            file =>
            {
                using var content = Safetensors.Read(file);
                using var scope = NewDisposeScope();
                Assert.InRange(content.Tensors.Count, 4, 99);
                Assert.All(
                    content.Tensors.Where(entry => entry.Value.is_floating_point()),
                    entry => Assert.True(entry.Value.isfinite().all().ToBoolean(), $"{file}: {entry.Key}")
                );
            }
        );
    }

    public static TheoryData<string> Savers => [.. Setters.Keys];

    private static Dictionary<string, Func<Callback>> Setters =>
        new()
        {
            [nameof(EarlyStopping)] = () => new EarlyStopping { Patience = 9 },
            [nameof(ExponentialMovingAverage)] = () => new ExponentialMovingAverage(),
            [nameof(StochasticWeightAverage)] = () => new StochasticWeightAverage { StartEpoch = 1 },
        };

    /// <summary>An average over weights that became NaN is NaN too, and none of the last epoch's.</summary>
    [Theory]
    [MemberData(nameof(Savers))]
    public void FinalWeights_AfterARunThatBecameNaN_AreTheBestOnesOrTheLastOnes_NeverAnAverage(string saver)
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        var trainer = new Trainer(Options(folder) with { Epochs = 3 }) { Callbacks = { Spoil("nan"), Setters[saver]() } };
        Assert.Equal(StopReason.NonFinite, trainer.Fit(model, data, data).StopReason);
        bool finite = model.get_parameter("out.bias")!.isfinite().all().ToBoolean();
        Assert.Equal(saver == nameof(EarlyStopping), finite);
        using var state = new StateFile(folder["run"]).Read();
        Assert.Equal(1, state.State.Epoch);
    }

    private static TrainerOptions Options(TempFolder folder) =>
        new()
        {
            Seed = 1,
            BatchSize = 16,
            Device = "cpu",
            RunDirectory = folder["run"],
            DefaultCallbacks = false,
        };

    private static TracingCallback Spoil(string fault) =>
        new([])
        {
            At = fault == "disposed" ? "EpochEnd 2" : "StepEnd 3",
            Act = context =>
            {
                using var noGradients = no_grad();
                if (fault == "disposed")
                {
                    context.Model.Dispose();
                }
                else
                {
                    context.Model.get_parameter("out.bias")!.fill_(fault == "nan" ? float.NaN : float.PositiveInfinity);
                }
            },
        };
}
