using System.Text.Json.Nodes;
using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>Freeze and Unfreeze: what moves in which epoch, with which rate, and what is said of rules that cannot be
/// meant.</summary>
[Collection("Torch")]
public sealed class FreezingTests
{
    private static readonly Dictionary<string, OptimizerOptions> Optimizers = new()
    {
        ["SGD"] = new SgdOptions
        {
            LearningRate = 0.05,
            Momentum = 0.9,
            WeightDecay = 0.1,
        },
        ["SGD maximize"] = new SgdOptions
        {
            LearningRate = 0.001,
            Momentum = 0.9,
            WeightDecay = 0.1,
            Maximize = true,
        },
        ["Adam"] = new AdamOptions { LearningRate = 0.01, WeightDecay = 0.1 },
        ["Adam amsgrad"] = new AdamOptions
        {
            LearningRate = 0.01,
            WeightDecay = 0.1,
            AmsGrad = true,
        },
        ["AdamW"] = new AdamWOptions { LearningRate = 0.01, WeightDecay = 0.1 },
        ["RMSprop"] = new RMSpropOptions
        {
            LearningRate = 0.01,
            Momentum = 0.9,
            WeightDecay = 0.1,
        },
        ["NAdam"] = new NAdamOptions { LearningRate = 0.01, WeightDecay = 0.1 },
        ["RAdam"] = new RAdamOptions { LearningRate = 0.01, WeightDecay = 0.1 },
        ["Adagrad"] = new AdagradOptions { LearningRate = 0.01, WeightDecay = 0.1 },
    };

    public static TheoryData<string> OptimizerNames => [.. Optimizers.Keys];

    [Theory]
    [MemberData(nameof(OptimizerNames))]
    public void FrozenParameter_StaysBitForBit_UnderMomentumAndWeightDecay(string optimizer)
    {
        var ends = EndsOfEpochs(Optimizers[optimizer], epochs: 3, new Freeze("hidden.*") { FromEpoch = 2 });
        Assert.NotEqual(ends[0]["hidden.weight"], ends[1]["hidden.weight"]);
        Assert.Equal(ends[1]["hidden.weight"], ends[2]["hidden.weight"]);
        Assert.Equal(ends[1]["hidden.bias"], ends[3]["hidden.bias"]);
        Assert.NotEqual(ends[2]["out.weight"], ends[3]["out.weight"]);
    }

    [Theory]
    [MemberData(nameof(OptimizerNames))]
    public void UnfrozenParameter_TrainsFromItsEpochOn(string optimizer)
    {
        var ends = EndsOfEpochs(
            Optimizers[optimizer],
            epochs: 3,
            new Freeze("hidden.*"),
            new Unfreeze("hidden.*") { FromEpoch = 3 }
        );
        Assert.Equal(ends[0]["hidden.weight"], ends[2]["hidden.weight"]);
        Assert.Equal(ends[0]["hidden.bias"], ends[2]["hidden.bias"]);
        Assert.NotEqual(ends[2]["hidden.weight"], ends[3]["hidden.weight"]);
        Assert.NotEqual(ends[0]["out.weight"], ends[1]["out.weight"]);
    }

    /// <summary>By hand: frozen before Fit, given to the optimizer by add_param_group in the second epoch.</summary>
    [Theory]
    [InlineData("SGD")]
    [InlineData("Adam")]
    [InlineData("AdamW")]
    public void Unfreeze_IsAddParamGroup(string optimizer)
    {
        var options = Options(Optimizers[optimizer]);
        using var data = new TinyData(64);
        using var ours = TinyModel.Create();
        using var byHand = TinyModel.Create();
        new Trainer(
            options with
            {
                Freezing = [new Freeze("hidden.*"), new Unfreeze("hidden.*") { FromEpoch = 2, LearningRate = 0.003 }],
            }
        ).Fit(ours, data);
        byHand.get_parameter("hidden.weight")!.requires_grad = false;
        byHand.get_parameter("hidden.bias")!.requires_grad = false;
        new Trainer(options) { Callbacks = { new AddsGroup(optimizer) } }.Fit(byHand, data);
        Assert.Equal(Weights(byHand), Weights(ours));
    }

    [Fact]
    public void UnfrozenGroup_HasItsRate_AndFollowsTheSchedule()
    {
        var rates = new List<string>();
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var options = Options(new SgdOptions { LearningRate = 0.1 }) with
        {
            Epochs = 4,
            Schedule = new StepSchedule { EveryEpochs = 1, Gamma = 0.5 },
            Freezing =
            [
                new Freeze("hidden.*"),
                new Unfreeze("hidden.weight") { FromEpoch = 2, LearningRate = 0.01 },
                new Unfreeze("*") { FromEpoch = 3, LearningRate = 0.02 },
            ],
        };
        new Trainer(options)
        {
            Callbacks =
            {
                new OnEnd(e =>
                    rates.Add(string.Join(' ', e.Context.Optimizer.ParamGroups.Select(group => $"{group.LearningRate:r}")))
                ),
            },
        }.Fit(model, data);
        Assert.Equal(["0.1 0.1 0.1", "0.05 0.005 0.05", "0.025 0.0025 0.005", "0.0125 0.00125 0.0025"], rates);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FrozenBatchNorm_KeepsItsStatistics_AndTrainsAgainWhenUnfrozen(bool affine)
    {
        using var data = new TinyData(64);
        using var model = Normed(affine);
        var means = new List<string> { Text(model.state_dict()["norm.running_mean"]) };
        var modes = new List<bool>();
        var options = Options(new SgdOptions()) with
        {
            Epochs = 4,
            Freezing = [new Freeze("norm") { FromEpoch = 2 }, new Unfreeze("norm") { FromEpoch = 4 }],
        };
        new Trainer(options)
        {
            Callbacks =
            {
                new OnEnd(e =>
                {
                    means.Add(Text(e.Context.Model.state_dict()["norm.running_mean"]));
                    modes.Add(Norm(e.Context.Model).training);
                }),
            },
        }.Fit(model, data, data);
        Assert.Equal([true, false, false, true], modes);
        Assert.NotEqual(means[0], means[1]);
        Assert.Equal(means[1], means[3]);
        Assert.NotEqual(means[3], means[4]);
        Assert.True(Norm(model).training);
    }

    [Theory]
    [InlineData("norm.bias", true, false, true)] // frozen in part: it keeps measuring
    [InlineData("hidden", true, false, true)]
    [InlineData("hidden", false, true, true)] // no rule touches it: the user's own mode stays
    [InlineData("norm", true, true, false)]
    public void BatchNorm_IsFrozenWhereAllItsParametersAre(string frozen, bool training, bool same, bool trainsInEpoch)
    {
        using var data = new TinyData(64);
        using var model = Normed(affine: true);
        Norm(model).train(training);
        string before = Text(model.state_dict()["norm.running_mean"]);
        bool inEpoch = !trainsInEpoch;
        new Trainer(Options(new SgdOptions()) with { Freezing = [new Freeze(frozen)] })
        {
            Callbacks = { new OnEnd(e => inEpoch = Norm(e.Context.Model).training) },
        }.Fit(model, data);
        Assert.Equal(same, before == Text(model.state_dict()["norm.running_mean"]));
        Assert.Equal(trainsInEpoch && training, inEpoch);
        Assert.Equal(training, Norm(model).training);
    }

    [Fact]
    public void HandFrozenParameter_CanBeUnfrozen_AndHasItsFlagAfterwards()
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        model.get_parameter("hidden.weight")!.requires_grad = false;
        string before = Text(model.get_parameter("hidden.weight")!);
        var options = Options(new SgdOptions()) with
        {
            Freezing = [new Unfreeze("hidden.*") { FromEpoch = 2 }, new Freeze("out.bias")],
        };
        new Trainer(options).Fit(model, data);
        Assert.NotEqual(before, Text(model.get_parameter("hidden.weight")!));
        Assert.Equal(
            ["hidden.weight False", "hidden.bias True", "out.weight True", "out.bias True"],
            model.named_parameters().Select(entry => $"{entry.name} {entry.parameter.requires_grad}")
        );
    }

    [Theory]
    [InlineData("hid", "hidden.weight hidden.bias")]
    [InlineData("*.bias", "hidden.bias out.bias")]
    [InlineData("out.?eight", "out.weight")]
    [InlineData("*i*", "hidden.weight hidden.bias out.weight out.bias")]
    [InlineData("HIDDEN*", "")]
    [InlineData("den*", "")]
    public void Pattern_IsTheStartOfNames_OrWithWildcardsTheWhole(string pattern, string expected)
    {
        using var model = TinyModel.Create();
        var selector = new ParameterSelector(pattern);
        Assert.Equal(
            expected,
            string.Join(' ', NamedParameter.Of(model).Where(selector.Fits).Select(parameter => parameter.Name))
        );
    }

    [Fact]
    public void RunJson_HasTheRules_AndTheFrozenNamesOfEachPhase()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        var options = Options(new SgdOptions()) with
        {
            RunDirectory = folder["run"],
            DefaultCallbacks = false,
            Freezing =
            [
                new Freeze(parameter => parameter.Value.dim() == 2),
                new Unfreeze("hidden.weight") { FromEpoch = 2, LearningRate = 0.5 },
            ],
        };
        new Trainer(options) { Callbacks = { new RunRecorder() } }.Fit(model, data);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["run"], "run.json")))!;
        Assert.Equal(
            """[{"name":"Freeze","parameters":"parameter =\u003E parameter.Value.dim() == 2","from_epoch":1},"""
                + """{"name":"Unfreeze","parameters":"hidden.weight","from_epoch":2,"learning_rate":0.5}]""",
            json["trainer"]!["freezing"]!.ToJsonString()
        );
        Assert.Equal(
            """[{"from_epoch":1,"frozen":["hidden.weight","out.weight"],"learning_rates":{}},"""
                + """{"from_epoch":2,"frozen":["out.weight"],"learning_rates":{"hidden.weight":0.5}}]""",
            json["freezing"]!.ToJsonString()
        );
    }

    [Fact]
    public void ResumeWithOtherRules_IsRefused_ByNames()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        bool frozen = true;
        var options = Options(new SgdOptions()) with
        {
            RunDirectory = folder["run"],
            DefaultCallbacks = false,
            Freezing = [new Freeze(parameter => frozen == (parameter.Name == "hidden.weight"))],
        };
        new Trainer(options).Fit(model, data);
        frozen = false; // the same source, another answer
        var error = Assert.Throws<InvalidOperationException>(() =>
            new Trainer(options with { Epochs = 3 }).Resume(folder["run"], model, data)
        );
        Assert.Contains("[hidden.bias, out.weight, out.bias] became [hidden.weight]", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidOperationException>(() =>
            new Trainer(options with { Freezing = [] }).Resume(folder["run"], model, data)
        );
        Assert.Contains("freezing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DiagnosticRuns_TrainWhatTheFirstEpochTrains()
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var options = Options(new SgdOptions { LearningRate = 0.1 }) with
        {
            Freezing = [new Freeze("hidden"), new Freeze("out.weight")],
        };
        var frozen = new Trainer(options).OverfitOneBatch(model, data, steps: 20);
        var free = new Trainer(options with { Freezing = [] }).OverfitOneBatch(model, data, steps: 20);
        Assert.True(frozen.Losses[^1] > free.Losses[^1]);
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
        new Trainer(options).LearningRateRangeTest(model, data, steps: 5);
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    private static TrainerOptions Options(OptimizerOptions optimizer) =>
        new()
        {
            Epochs = 2,
            BatchSize = 16,
            Seed = 1,
            Device = "cpu",
            Optimizer = optimizer,
        };

    /// <summary>All weights before the first epoch and after each.</summary>
    private static List<Dictionary<string, string>> EndsOfEpochs(
        OptimizerOptions optimizer,
        int epochs,
        params FreezeRule[] rules
    )
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        List<Dictionary<string, string>> ends = [Weights(model)];
        new Trainer(Options(optimizer) with { Epochs = epochs, Freezing = rules })
        {
            Callbacks = { new OnEnd(e => ends.Add(Weights(e.Context.Model))) },
        }.Fit(model, data);
        return ends;
    }

    private static Dictionary<string, string> Weights(nn.Module model) =>
        model.state_dict().ToDictionary(entry => entry.Key, entry => Text(entry.Value));

    private static string Text(Tensor tensor) => Convert.ToHexString(tensor.detach().cpu().bytes);

    private static nn.Module<Tensor, Tensor> Normed(bool affine)
    {
        manual_seed(1);
        return nn.Sequential(("hidden", nn.Linear(2, 8)), ("norm", nn.BatchNorm1d(8, affine: affine)), ("out", nn.Linear(8, 2)));
    }

    private static nn.Module Norm(nn.Module model) => model.named_modules().Single(entry => entry.name == "norm").module;

    private sealed class OnEnd(Action<EpochEndEvent> act) : Callback
    {
        public override void OnEpochEnd(EpochEndEvent e) => act(e);
    }

    private sealed class AddsGroup(string optimizer) : Callback
    {
        public override void OnEpochStart(EpochStartEvent e)
        {
            if (e.Context.Epoch != 2)
            {
                return;
            }

            Parameter[] parameters =
            [
                e.Context.Model.get_parameter("hidden.weight")!,
                e.Context.Model.get_parameter("hidden.bias")!,
            ];
            foreach (var parameter in parameters)
            {
                parameter.requires_grad = true;
            }

            e.Context.Optimizer.add_param_group(
                optimizer switch
                {
                    "SGD" => new TorchSharp.Modules.SGD.ParamGroup(parameters, 0.003, 0.9, 0, 0.1),
                    "Adam" => new TorchSharp.Modules.Adam.ParamGroup(parameters, 0.003, weight_decay: 0.1),
                    _ => new TorchSharp.Modules.AdamW.ParamGroup(parameters, 0.003, weight_decay: 0.1),
                }
            );
        }
    }
}
