using System.Text.Json.Nodes;
using TorchSharp;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Callbacks;

/// <summary>Averages of weights: their values, their metrics, who keeps them, and who has the last word on the model.</summary>
[Collection("Torch")]
public sealed class AveragedWeightsTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 5,
        Seed = 1,
        BatchSize = 32,
        Device = "cpu",
        DefaultCallbacks = false,
        Optimizer = new SgdOptions { LearningRate = 0.3 },
    };

    public static TheoryData<string> Averages => ["_ema", "_swa"];

    [PyTorchTheory]
    [InlineData(2)]
    public void StochasticWeightAverage_IsPyTorchsAveragedModel_AndItsDeviationThatOfTheEpochs(int start)
    {
        using var folder = new TempFolder();
        using var weights = new EpochWeights(folder);
        using var swa = new StochasticWeightAverage
        {
            StartEpoch = start,
            Path = folder["mean"],
            DeviationPath = folder["deviation"],
        };
        using var model = Fit(Options, WithBatchNorm(), weights, swa);
        Assert.Equal(4, swa.Count);
        PyTorch.Run(
            folder.Root,
            $"""
            import torch
            from torch.optim.swa_utils import AveragedModel
            from safetensors.torch import load_file, save_file

            def model(epoch):
                m = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.BatchNorm1d(8), torch.nn.Linear(8, 2))
                m.load_state_dict(load_file(f"epoch{"{epoch}"}"))
                return m

            average = AveragedModel(model({start}), use_buffers=True)
            for epoch in range({start}, 6):
                average.update_parameters(model(epoch))
            save_file(dict(average.module.state_dict()), "expected")
            rows = [dict(model(epoch).named_parameters()) for epoch in range({start}, 6)]
            save_file(
                {"{"}name: torch.stack([row[name].detach().double() for row in rows]).std(0, unbiased=False).float()
                 for name in rows[0]{"}"},
                "deviations",
            )
            """
        );
        using var expected = Safetensors.Read(folder["expected"]);
        using var mean = Safetensors.Read(folder["mean"]);
        foreach (var (name, tensor) in expected.Tensors.Where(entry => entry.Value.is_floating_point()))
        {
            TensorAssert.Identical(tensor, mean.Tensors[name], name);
            TensorAssert.Identical(tensor, model.state_dict()[name], $"the model's {name}");
        }

        using var deviations = Safetensors.Read(folder["deviations"]);
        using var saved = Safetensors.Read(folder["deviation"]);
        using var scope = NewDisposeScope();
        var deviation = swa.Deviation();
        Assert.Equal(deviations.Tensors.Keys.Order(StringComparer.Ordinal), deviation.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in deviations.Tensors)
        {
            double error = (tensor - deviation[name]).norm().ToDouble();
            Assert.True(error < 1e-6 * mean.Tensors[name].norm().ToDouble(), $"{name}: {error}");
            TensorAssert.Identical(deviation[name], saved.Tensors[name], name);
        }
    }

    /// <summary>The mean of squares minus the square of the mean loses all digits of a small deviation around a large
    /// weight.</summary>
    [Fact]
    public void Deviation_OfWeightsFarFromZero_KeepsItsDigits()
    {
        using var model = nn.Linear(2, 2, hasBias: false);
        using var moments = new WeightMoments(model);
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (double value in new[] { 1000.0, 1000.25, 1000.5 })
        {
            model.weight.fill_(value);
            moments.Add(model);
        }

        TensorAssert.Close(full(2, 2, Math.Sqrt(0.125 / 3)), moments.Deviation()["weight"], 1e-6, "deviation");
    }

    [Theory]
    [InlineData(null, 2)] // of 5 epochs the last quarter, rounded up
    [InlineData(1, 5)]
    [InlineData(9, 0)]
    public void StochasticWeightAverage_CountsFromItsStartEpoch_AndLeavesTheModelWhereItNeverBegan(int? start, int count)
    {
        using var swa = new StochasticWeightAverage { StartEpoch = start };
        using var last = TinyModel.Create();
        using var data = new TinyData(64);
        new Trainer(Options).Fit(last, data);
        using var model = Fit(Options, TinyModel.Create(), swa);
        Assert.Equal(count, swa.Count);
        if (count == 0)
        {
            Assert.Empty(swa.Mean);
            Assert.Empty(swa.Deviation());
            TensorAssert.Identical(last.get_parameter("out.weight")!, model.get_parameter("out.weight")!, "last weights");
        }
    }

    [Fact]
    public void BuffersWithInfinities_StayAsTheyAre_InTheMean()
    {
        using var model = new Masked();
        using var moments = new WeightMoments(model);
        moments.Add(model);
        moments.Add(model);
        TensorAssert.Identical(model.get_buffer("mask")!, moments.Mean["mask"], "mask");
    }

    [Theory]
    [MemberData(nameof(Averages))]
    public void AveragedWeights_AreEvaluatedEachEpoch_Recorded_AndChangeNoTraining(string suffix)
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        using var plain = TinyModel.Create();
        var expected = new Trainer(Options).Fit(plain, data, data);
        using var model = TinyModel.Create();
        var trainer = new Trainer(Options with { RunDirectory = folder["run"], DefaultCallbacks = true })
        {
            Callbacks = { Average(suffix, apply: false) },
        };
        var history = trainer.Fit(model, data, data);
        foreach (string metric in expected.MetricNames)
        {
            Assert.Equal(expected[metric], history[metric]);
        }

        string loss = "test_loss" + suffix;
        Assert.Equal([loss, "test_accuracy" + suffix], history.MetricNames.Except(expected.MetricNames));
        Assert.DoesNotContain(double.NaN, history[loss]);
        TensorAssert.Identical(plain.get_parameter("out.weight")!, model.get_parameter("out.weight")!, "weights");
        model.LoadWeights(folder[$"run/checkpoints/{suffix[1..]}.safetensors"]);
        Assert.Equal(new Trainer(Options).Evaluate(model, data).Loss, history[loss][^1]);

        Assert.Contains(loss, File.ReadLines(folder["run/metrics.csv"]).First().Split(','));
        var record = JsonNode.Parse(File.ReadAllText(folder["run/run.json"]))!;
        Assert.Equal(history[loss][^1], (double)record["final"]![loss]!);
        Assert.Equal(history.Best(loss, higherIsBetter: false)!.Epoch, (int)record["best"]![loss]!["epoch"]!);
        Assert.True(File.Exists(folder["run/curves.png"]));
    }

    [Theory]
    [MemberData(nameof(Averages))]
    public void AccuracyOfAnAverage_IsReported(string suffix)
    {
        using var data = new TinyData(64);
        using var text = new StringWriter();
        using var model = TinyModel.Create();
        new Trainer(Options) { Callbacks = { Average(suffix, apply: false), new ProgressReporter(text) } }.Fit(model, data, data);
        Assert.Matches($"test_accuracy{suffix} 0[.][0-9]+  ", text.ToString());
    }

    [Theory]
    [MemberData(nameof(Averages))]
    public void MonitorOfAnAverage_KeepsTheAveragedWeightsOfTheBestEpoch(string suffix)
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        string loss = "test_loss" + suffix;
        var stopping = new EarlyStopping { Monitor = loss, Patience = 9 };
        var plateau = new ReduceLearningRateOnPlateau { Monitor = loss };
        var checkpoint = new ModelCheckpoint
        {
            Directory = folder.Root,
            Monitor = loss,
            KeepTop = 1,
        };
        var history = new Trainer(Options) { Callbacks = { checkpoint, plateau, stopping, Average(suffix, apply: false) } }.Fit(
            model,
            data,
            data
        );
        double best = history[loss].Min();
        Assert.NotEqual(history["test_loss"].Min(), best);
        Assert.Equal(best, Loss(model));
        foreach (string path in Directory.GetFiles(folder.Root, "*-epoch-*").Append(checkpoint.BestPath!))
        {
            model.LoadWeights(path);
            Assert.Equal(best, Loss(model));
        }

        model.LoadWeights(checkpoint.LastPath!); // the weights of training itself
        Assert.Equal(history["test_loss"][^1], Loss(model));
        double Loss(nn.Module<Tensor, Tensor> one) => new Trainer(Options).Evaluate(one, data).Loss;
    }

    public static TheoryData<string> FinalWeights =>
        [
            .. from one in new[] { "stopping", "_ema", "_swa" }
            from other in new[] { "stopping", "_ema", "_swa" }
            where one != other
            select $"{one} {other}",
        ];

    [Theory]
    [MemberData(nameof(FinalWeights))]
    public void TwoThatSetTheFinalWeights_AreRefusedInEitherOrder_AndOneOfThemIsNot(string names)
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        Callback[] Pair(bool second) => [Of(names.Split(' ')[0], true), Of(names.Split(' ')[1], second)];
        var error = Assert.Throws<InvalidOptionsException>(() => Fit(Pair(true)));
        Assert.Contains("leave the final weights to one of them", Assert.Single(error.Faults), StringComparison.Ordinal);
        Assert.Equal(StopReason.Completed, Fit(Pair(false)).StopReason);

        TrainingHistory Fit(Callback[] callbacks)
        {
            var trainer = new Trainer(Options);
            Array.ForEach(callbacks, trainer.Callbacks.Add);
            return trainer.Fit(model, data, data);
        }
    }

    [Theory]
    [MemberData(nameof(Averages))]
    public void TwoAveragesOfOneMetricName_AreRefused(string suffix)
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        var trainer = new Trainer(Options) { Callbacks = { Average(suffix, false), Average(suffix, false) } };
        var error = Assert.Throws<InvalidOptionsException>(() => trainer.Fit(model, data, data));
        Assert.Contains($"'{suffix}'", Assert.Single(error.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Averages))]
    public void FileOfAnAverage_IsNotReplacedByWeightsThatAreNotFinite(string suffix)
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        byte[]? good = null;
        string file = folder["run/checkpoints/" + suffix[1..] + ".safetensors"];
        var average = Average(suffix, apply: false);
        var trainer = new Trainer(Options with { RunDirectory = folder["run"], Epochs = 2 })
        {
            Callbacks =
            {
                average,
                new TracingCallback([])
                {
                    At = "EpochEnd 1",
                    Act = _ =>
                    {
                        using var noGradients = no_grad();
                        good = File.ReadAllBytes(file);
                        Weights(average)["out.bias"].fill_(float.NaN);
                    },
                },
            },
        };
        var error = Assert.Throws<CallbackException>(() => trainer.Fit(model, data));
        Assert.Contains("'out.bias'", error.Message, StringComparison.Ordinal);
        Assert.Equal(good, File.ReadAllBytes(file));
    }

    private static IReadOnlyDictionary<string, Tensor> Weights(Callback average) =>
        average switch
        {
            StochasticWeightAverage swa => swa.Mean,
            _ => (
                (ModelSnapshot)
                    typeof(ExponentialMovingAverage)
                        .GetField("_average", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!
                        .GetValue(average)!
            ).Tensors,
        };

    private static Callback Of(string name, bool sets) =>
        name == "stopping" ? new EarlyStopping { RestoreBestWeights = sets } : Average(name, sets);

    private static Callback Average(string suffix, bool apply) =>
        suffix == "_ema"
            ? new ExponentialMovingAverage { Decay = 0.6, ApplyAtEnd = apply }
            : new StochasticWeightAverage { StartEpoch = 1, ApplyAtEnd = apply };

    private static nn.Module<Tensor, Tensor> Fit(
        TrainerOptions options,
        nn.Module<Tensor, Tensor> model,
        params Callback[] callbacks
    )
    {
        using var data = new TinyData(64);
        var trainer = new Trainer(options);
        Array.ForEach(callbacks, trainer.Callbacks.Add);
        trainer.Fit(model, data);
        return model;
    }

    private static nn.Module<Tensor, Tensor> WithBatchNorm()
    {
        manual_seed(3);
        return nn.Sequential(("0", nn.Linear(2, 8)), ("1", nn.BatchNorm1d(8)), ("2", nn.Linear(8, 2)));
    }

    /// <summary>Saves each epoch's weights.</summary>
    private sealed class EpochWeights(TempFolder folder) : Callback, IDisposable
    {
        public override void OnEpochEnd(EpochEndEvent e) => e.Context.Model.SaveWeights(folder[$"epoch{e.Record.Epoch}"]);

        public void Dispose() { }
    }

    private sealed class Masked : nn.Module<Tensor, Tensor>
    {
        public Masked()
            : base(nameof(Masked))
        {
            register_buffer("mask", full(2, double.NegativeInfinity, dtype: ScalarType.Float32));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => input;
    }
}
