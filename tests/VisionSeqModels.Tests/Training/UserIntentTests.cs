using System.Text.Json.Nodes;
using TorchSharp;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>What users set is respected or refused, and what happened is recorded.</summary>
[Collection("Torch")]
public sealed class UserIntentTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 4,
        Seed = 1,
        BatchSize = 32,
        Device = "cpu",
        DefaultCallbacks = false,
    };

    [Fact]
    public void NaN_OfTheMonitoredMetric_IsUndefined_NotWithoutImprovement()
    {
        // three epochs of NaN in a row are no three epochs without improvement
        var stopping = new EarlyStopping { Monitor = "test_scripted", Patience = 2 };
        var plateau = new ReduceLearningRateOnPlateau { Monitor = "test_scripted", Patience = 0 };
        using var folder = new TempFolder();
        var checkpoint = new ModelCheckpoint
        {
            Directory = folder.Root,
            Monitor = "test_scripted",
            KeepTop = 9,
        };
        var history = Fit([2, double.NaN, double.NaN, double.NaN, 1], stopping, plateau, checkpoint);
        Assert.Equal(StopReason.Completed, history.StopReason);
        Assert.Equal(5, history.Epochs.Count);
        Assert.Equal(5, stopping.BestEpoch);
        Assert.All(history.Epochs, epoch => Assert.Equal(history.Epochs[0].LearningRate, epoch.LearningRate));
        Assert.Equal(
            ["top-epoch-0001.safetensors", "top-epoch-0005.safetensors"],
            Directory.GetFiles(folder.Root, "top-*").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void InfinityOfTheMonitoredMetric_IsNoImprovement()
    {
        var stopping = new EarlyStopping { Monitor = "test_scripted", Patience = 2 };
        var history = Fit([2, double.PositiveInfinity, double.PositiveInfinity, 1], stopping);
        Assert.Equal(StopReason.StoppedEarly, history.StopReason);
        Assert.Equal(3, history.Epochs.Count);
    }

    [Fact]
    public void EarlyStopping_BeforeStartEpoch_NothingCounts()
    {
        var stopping = new EarlyStopping
        {
            Monitor = "test_scripted",
            Patience = 2,
            StartEpoch = 4,
        };
        var history = Fit([1, 2, 3, 9, 8, 9, 9, 1], stopping);
        Assert.Equal(7, history.Epochs.Count);
        Assert.Equal(5, stopping.BestEpoch);
    }

    [Fact]
    public void EarlyStopping_Baseline_MustBeBeaten()
    {
        var stopping = new EarlyStopping
        {
            Monitor = "test_scripted",
            Patience = 3,
            Baseline = 0.5,
        };
        var never = Fit([3, 2, 1, 0.1], stopping);
        Assert.Equal(3, never.Epochs.Count);
        Assert.Equal(0, stopping.BestEpoch);
        Assert.Contains("it was never better than the baseline 0.5", never.StopMessage, StringComparison.Ordinal);
        Assert.Equal(5, Fit([3, 0.4, 2, 2, 2, 2], stopping).Epochs.Count);
    }

    /// <summary>Without the warm-up the average of a short run is one of the initial weights.</summary>
    [Fact]
    public void ExponentialMovingAverage_AfterAShortRun_IsOneOfTrainedWeights()
    {
        double warm = AccuracyOf(new ExponentialMovingAverage());
        double cold = AccuracyOf(new ExponentialMovingAverage { WarmUp = false });
        double last = AccuracyOf(new ExponentialMovingAverage { ApplyAtEnd = false });
        Assert.True(warm > last - 0.02, $"{warm} with warm-up, {last} of the last weights");
        Assert.True(cold < warm - 0.1, $"{cold} without warm-up, {warm} with it");
    }

    [Fact]
    public void ExponentialMovingAverage_IsEvaluatedEachEpoch_AndChangesNoTraining()
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        using var plain = TinyModel.Create();
        var plainHistory = new Trainer(Options).Fit(plain, data, data);
        var stopping = new EarlyStopping
        {
            Monitor = "test_loss_ema",
            Patience = 9,
            RestoreBestWeights = false,
        };
        var history = new Trainer(Options) { Callbacks = { stopping, new ExponentialMovingAverage() } }.Fit(model, data, data);
        foreach (string metric in plainHistory.MetricNames)
        {
            Assert.Equal(plainHistory[metric], history[metric]);
        }

        Assert.Equal(["test_loss_ema", "test_accuracy_ema"], history.MetricNames.Except(plainHistory.MetricNames));
        Assert.NotEqual(history["test_loss"], history["test_loss_ema"]);
        Assert.Equal(new Trainer(Options).Evaluate(model, data).Loss, history["test_loss_ema"][^1]); // the model has the average
        Assert.Equal(4, stopping.BestEpoch);
    }

    [Fact]
    public void ExponentialMovingAverage_WarmUp_IsTheFormula()
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        using var scope = NewDisposeScope();
        var average = model.get_parameter("out.weight")!.clone().detach();
        var steps = new EachStep(context =>
        {
            double n = context.Step;
            double decay = Math.Min(0.3, (1 + n) / (10 + n));
            average.mul_(decay).add_(context.Model.get_parameter("out.weight")!.detach(), alpha: 1 - decay);
        });
        new Trainer(Options)
        {
            Callbacks =
            {
                steps,
                new ExponentialMovingAverage { Decay = 0.3 },
            },
        }.Fit(model, data);
        TensorAssert.Close(average, model.get_parameter("out.weight")!, 1e-6, "average");
    }

    [Fact]
    public void TwoThatSetTheFinalWeights_AreRefusedBeforeAnythingIsWritten()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        Callback[][] both =
        [
            [new EarlyStopping(), new ExponentialMovingAverage()],
            [new ExponentialMovingAverage(), new EarlyStopping()],
        ];
        foreach (var callbacks in both)
        {
            var trainer = new Trainer(Options with { RunDirectory = folder["run"] });
            Array.ForEach(callbacks, trainer.Callbacks.Add);
            Assert.Single(Assert.Throws<InvalidOptionsException>(() => trainer.Fit(model, data)).Faults);
            Assert.False(Directory.Exists(folder["run"]));
        }

        new Trainer(Options)
        {
            Callbacks =
            {
                new EarlyStopping { RestoreBestWeights = false },
                new ExponentialMovingAverage(),
            },
        }.Fit(model, data);
    }

    [Fact]
    public void GroupAddedByACallback_IsTrained_AndReachedByTheSchedule()
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var late = model.get_parameter("hidden.weight")!;
        late.requires_grad = false;
        using var before = late.clone().detach();
        List<double> rates = [];
        var options = Options with
        {
            Optimizer = new SgdOptions { LearningRate = 0.4 },
            Schedule = new ExponentialSchedule { Gamma = 0.5 },
        };
        new Trainer(options)
        {
            Callbacks =
            {
                new TracingCallback([])
                {
                    At = "EpochStart 2",
                    Act = context =>
                    {
                        late.requires_grad = true;
                        context.Optimizer.add_param_group(
                            new TorchSharp.Modules.SGD.ParamGroup(
                                [late],
                                new TorchSharp.Modules.SGD.Options { LearningRate = 0.1 }
                            )
                        );
                    },
                },
                new EachStep(context => rates.Add(context.Optimizer.ParamGroups.Last().LearningRate)),
            },
        }.Fit(model, data);
        Assert.Equal([0.4, 0.4, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125], rates.Select(rate => Math.Round(rate, 12)));
        Assert.False(late.equal(before).all().ToBoolean());
    }

    [Fact]
    public void RelativeRunDirectory_WithAChangedCurrentDirectory_IsOneFolder()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        string before = Environment.CurrentDirectory;
        Directory.CreateDirectory(folder["elsewhere"]);
        try
        {
            Environment.CurrentDirectory = folder.Root;
            var options = Options with { RunDirectory = "run", DefaultCallbacks = true };
            var history = new Trainer(options)
            {
                Callbacks =
                {
                    new CsvLogger { Path = "own.csv" },
                    new TracingCallback([]) { At = "StepEnd 1", Act = _ => Environment.CurrentDirectory = folder["elsewhere"] },
                },
            }.Fit(model, data);
            Assert.True(Path.IsPathFullyQualified(history.RunDirectory!));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder["elsewhere"]));
        Assert.True(File.Exists(folder["own.csv"]));
        Assert.True(File.Exists(folder["run/run.json"]));
        Assert.True(File.Exists(folder["run/checkpoints/last.safetensors"]));
    }

    [Fact]
    public void ReadyBatches_AreRecordedWithoutOptionsThatNeverApplied_AndResume()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var source = BatchSource.From("ready", [.. data.Read(new BatchRequest { BatchSize = 16 })]);
        var options = Options with { RunDirectory = folder["run"], BatchSize = 8 };
        new Trainer(options) { Callbacks = { new RunRecorder() } }.Fit(model, source);
        var trainer = JsonNode.Parse(File.ReadAllText(folder["run/run.json"]))!["trainer"]!.AsObject();
        Assert.All(
            new[] { "batch_size", "shuffle", "drop_last" },
            key => Assert.True(trainer.ContainsKey(key) && trainer[key] is null)
        );
        var resumed = new Trainer(options with { Epochs = 5, BatchSize = 9 }).Resume(folder["run"], model, source);
        Assert.Equal(["epochs 4 became 5"], Assert.Single(resumed.Resumes).Changes);
    }

    [Fact]
    public void RunOfAnotherVersion_SaysSoWhenItIsResumed()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var options = Options with { RunDirectory = folder["run"] };
        new Trainer(options).Fit(model, data);
        var file = new VisionSeqModels.Runs.StateFile(folder["run"]);
        using (var saved = file.Read())
        {
            var versions = saved.State.Versions!.DeepClone().AsObject();
            versions["torch_sharp"] = "0.1.2";
            var tensors = Safetensors.Read(file.Last).Tensors.ToDictionary(entry => entry.Key, entry => entry.Value);
            file.Write(saved.State with { Versions = versions }, tensors);
        }

        var resumed = new Trainer(options with { Epochs = 5 }).Resume(folder["run"], model, data);
        Assert.Contains(Assert.Single(resumed.Resumes).Changes, change => change.StartsWith("torch_sharp 0.1.2 became 0."));
    }

    [Fact]
    public void SaveWeights_OfADisposedEmptyOrNonFiniteModel_LeavesTheGoodFile()
    {
        using var folder = new TempFolder();
        using var good = TinyModel.Create();
        good.SaveWeights(folder["w"]);
        byte[] bytes = File.ReadAllBytes(folder["w"]);
        var disposed = TinyModel.Create();
        disposed.Dispose();
        using var empty = nn.Sequential(nn.ReLU());
        using var nan = TinyModel.Create();
        using (no_grad())
        {
            nan.get_parameter("out.bias")!.fill_(float.NegativeInfinity);
        }

        foreach (var model in new[] { disposed, empty, nan })
        {
            Assert.Throws<InvalidOperationException>(() => model.SaveWeights(folder["w"]));
            Assert.Equal(bytes, File.ReadAllBytes(folder["w"]));
        }

        nan.SaveWeights(folder["other"]); // to look at it
        Assert.Throws<InvalidOperationException>(() => disposed.SaveWeights(folder["new"]));
        Assert.False(File.Exists(folder["new"]));
    }

    private static double AccuracyOf(ExponentialMovingAverage average)
    {
        using var data = new TinyData(256);
        using var model = TinyModel.Create();
        var options = Options with { Optimizer = new AdamOptions { LearningRate = 0.05 } };
        new Trainer(options) { Callbacks = { average } }.Fit(model, data);
        return new Trainer(Options).Evaluate(model, data).Accuracy;
    }

    private static TrainingHistory Fit(double[] metrics, params Callback[] callbacks)
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var trainer = new Trainer(Options with { Epochs = metrics.Length, Metrics = [new Scripted(metrics)] });
        Array.ForEach(callbacks, trainer.Callbacks.Add);
        return trainer.Fit(model, data, data);
    }

    private sealed class EachStep(Action<FitContext> act) : Callback
    {
        public override void OnStepEnd(StepEndEvent e)
        {
            using var noGradients = no_grad();
            act(e.Context);
        }
    }
}
