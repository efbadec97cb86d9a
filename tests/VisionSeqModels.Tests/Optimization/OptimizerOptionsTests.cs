using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Optimizers from options: groups, names, weight decay of each group, and what cannot be made.</summary>
[Collection("Torch")]
public sealed class OptimizerOptionsTests
{
    private static readonly Dictionary<string, Func<double, OptimizerOptions>> WithDecay = new()
    {
        ["SGD"] = decay => new SgdOptions { WeightDecay = decay },
        ["Adam"] = decay => new AdamOptions { WeightDecay = decay },
        ["AdamW"] = decay => new AdamWOptions { WeightDecay = decay },
        ["NAdam"] = decay => new NAdamOptions { WeightDecay = decay },
        ["RAdam"] = decay => new RAdamOptions { WeightDecay = decay },
        ["RMSprop"] = decay => new RMSpropOptions { WeightDecay = decay },
        ["Adagrad"] = decay => new AdagradOptions { WeightDecay = decay },
    };

    public static TheoryData<string> Names => [.. WithDecay.Keys];

    /// <summary>With a gradient of 0 only the decay moves a weight.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void WeightDecayOfAGroup_IsItsOwn_AndNoneIsTheOptimizers(string name)
    {
        Assert.Equal("hidden.weight out.weight", Moved(0.1, new ParameterGroup("*.bias") { WeightDecay = 0 }));
        Assert.Equal("hidden.bias out.bias", Moved(0, new ParameterGroup("*.bias") { WeightDecay = 0.1 }));
        Assert.Equal("hidden.weight hidden.bias out.weight out.bias", Moved(0.1, new ParameterGroup("*.bias")));
        Assert.Equal("hidden.weight hidden.bias out.weight out.bias", Moved(0.1));
        Assert.Equal("", Moved(0));

        string Moved(double decay, params ParameterGroup[] groups)
        {
            using var scope = NewDisposeScope();
            using var model = TinyModel.Create();
            using var optimizer = (WithDecay[name](decay) with { LearningRate = 0.1, ParameterGroups = groups }).Create(model);
            var before = model.parameters().Select(parameter => parameter.detach().clone()).ToList();
            foreach (var parameter in model.parameters())
            {
                parameter.grad = zeros_like(parameter);
            }

            optimizer.step();
            return string.Join(
                ' ',
                model
                    .named_parameters()
                    .Zip(before)
                    .Where(pair => !pair.First.parameter.Equals(pair.Second))
                    .Select(pair => pair.First.name)
            );
        }
    }

    [Fact]
    public void Name_IsTheTypesWithoutOptions()
    {
        Assert.Equal("Plain", new Plain().Name);
        Assert.Equal("Own", new OwnOptions().Name);
        Assert.Equal("RMSprop", new RMSpropOptions().Name);
    }

    [Fact]
    public void MissingModel_IsRefused() =>
        Assert.Throws<ArgumentNullException>("model", () => new SgdOptions().Create((nn.Module)null!));

    [Fact]
    public void ModelWithoutGradients_IsRefused_ByName()
    {
        using var model = nn.Linear(1, 1);
        foreach (var parameter in model.parameters())
        {
            parameter.requires_grad = false;
        }

        string message = Assert.Throws<ArgumentException>("model", () => new SgdOptions().Create(model)).Message;
        Assert.StartsWith(
            "The model 'Linear' has no parameter that asks for gradients, so there is nothing to train. A module must register",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void OptimizerWithoutGroups_ServesAModelWithoutThem_AndRefusesThem()
    {
        using var model = TinyModel.Create();
        using var optimizer = new Plain().Create(model);
        Assert.Equal(4, ((ParamGroup)Assert.Single(optimizer.ParamGroups)).Parameters.Count());
        var grouped = new Plain { ParameterGroups = [new("*")] };
        string message = Assert.Throws<NotSupportedException>(() => grouped.Create(model)).Message;
        Assert.StartsWith("Plain does not support ParameterGroups: override CreateGrouped", message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => new Plain().Create(model, name => name == "out.bias" ? "0.5" : "", out _));
    }

    [Fact]
    public void GroupOfAllParameters_KeepsItsRate()
    {
        using var model = TinyModel.Create();
        using var optimizer = new SgdOptions { ParameterGroups = [new("*") { LearningRate = 0.5 }] }.Create(model);
        Assert.Equal(0.5, Assert.Single(optimizer.ParamGroups).LearningRate);
    }

    [Fact]
    public void Parts_ComeAfterTheRestOfTheirGroup()
    {
        using var model = TinyModel.Create();
        var options = new SgdOptions { LearningRate = 0.1, ParameterGroups = [new("out") { LearningRateFactor = 0.5 }] };
        using var optimizer = options.Create(
            model,
            name => name.EndsWith("weight", StringComparison.Ordinal) ? "1" : "",
            out var names
        );
        Assert.Equal(
            [
                ["out.bias"],
                ["out.weight"],
                ["hidden.bias"],
                ["hidden.weight"],
            ],
            names
        );
        Assert.Equal([0.05, 0.05, 0.1, 0.1], optimizer.ParamGroups.Select(group => group.LearningRate));
    }

    [Fact]
    public void FaultsOfGroups_AreToldByTheirPlace()
    {
        var good = new ParameterGroup("fc");
        Assert.Empty(new SgdOptions { ParameterGroups = [good] }.Faults());
        Assert.Equal(
            [
                "ParameterGroups[1].LearningRateFactor must be a finite number of at least 0, but is -1.",
                "ParameterGroups[2].WeightDecay must be null or a finite number of at least 0, but is -2.",
            ],
            new SgdOptions
            {
                ParameterGroups = [good, good with { LearningRateFactor = -1 }, good with { WeightDecay = -2 }],
            }.Faults()
        );
        Assert.Equal(
            ["ParameterGroups must be a list without null in it (an empty one is fine), but is one with null in it."],
            new SgdOptions { ParameterGroups = [null!] }.Faults()
        );
    }

    private sealed record Plain : OptimizerOptions
    {
        public override double LearningRate { get; init; } = 0.1;

        protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) => optim.SGD(parameters, LearningRate);
    }

    private sealed record OwnOptions : OptimizerOptions
    {
        public override double LearningRate { get; init; } = 0.1;

        protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) => optim.SGD(parameters, LearningRate);
    }
}
