using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Flags, gradients and optimizers of a model whose parameters are frozen and unfrozen.</summary>
[Collection("Torch")]
public sealed class FreezerTests : IDisposable
{
    private const string All = "hidden.weight hidden.bias out.weight out.bias";

    private readonly nn.Module<Tensor, Tensor> _model = TinyModel.Create();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void WithoutRules_NothingChanges()
    {
        Parameter("out.bias").requires_grad = false;
        using (var freezer = new Freezer(_model, []))
        {
            Assert.Null(freezer.Phases);
            using var optimizer = freezer.CreateOptimizer(new SgdOptions());
            freezer.Begin(1);
            freezer.SetModes();
            Assert.Null(freezer.RateOf(0));
            Parameter("out.weight").requires_grad = false;
        }

        Assert.Equal("hidden.weight hidden.bias", Asking());
    }

    [Fact]
    public void Flags_FollowThePhases_AndComeBackAtTheEnd()
    {
        Parameter("out.bias").requires_grad = false;
        using var freezer = new Freezer(
            _model,
            [
                new Freeze("hidden") { FromEpoch = 2 },
                new Unfreeze("out.bias") { FromEpoch = 2 },
                new Unfreeze("hidden.bias") { FromEpoch = 4 },
            ]
        );
        Assert.Equal([1, 2, 4], freezer.Phases!.Select(phase => phase.FromEpoch));
        string[] asking =
        [
            .. Enumerable
                .Range(1, 5)
                .Select(epoch =>
                {
                    freezer.Begin(epoch);
                    return Asking();
                }),
        ];
        Assert.Equal(
            [
                "hidden.weight hidden.bias out.weight",
                "out.weight out.bias",
                "out.weight out.bias",
                "hidden.bias out.weight out.bias",
                "hidden.bias out.weight out.bias",
            ],
            asking
        );
        Assert.Equal(["hidden.weight", "hidden.bias"], freezer.FrozenIn(freezer.Phases![1]));
        freezer.Dispose();
        Assert.Equal("hidden.weight hidden.bias out.weight", Asking());
    }

    [Fact]
    public void FlagsWithinAPhase_AreTheUsers()
    {
        using var freezer = new Freezer(_model, [new Freeze("hidden")]);
        freezer.Begin(1);
        Parameter("hidden.weight").requires_grad = true;
        freezer.Begin(2);
        Assert.Equal("hidden.weight out.weight out.bias", Asking());
    }

    [Fact]
    public void FlagsAfterTheEnd_AreTheUsers_AndSoWhereNoPhaseBegan()
    {
        var freezer = new Freezer(_model, [new Freeze("hidden")]);
        Parameter("hidden.bias").requires_grad = false;
        freezer.Dispose();
        Assert.Equal("hidden.weight out.weight out.bias", Asking());
        freezer.Begin(1);
        freezer.Dispose();
        Assert.Equal(All, Asking());
        Parameter("hidden.bias").requires_grad = false;
        freezer.Dispose();
        Assert.Equal("hidden.weight out.weight out.bias", Asking());
    }

    [Fact]
    public void GradientOfAFrozenParameter_IsGone_AndNoOther()
    {
        foreach (string name in All.Split(' '))
        {
            Parameter(name).grad = ones_like(Parameter(name));
        }

        Parameter("out.bias").requires_grad = false; // by hand: no rule touches it
        using var freezer = new Freezer(_model, [new Freeze("hidden.weight")]);
        freezer.Begin(1);
        Assert.Equal(["hidden.bias", "out.weight", "out.bias"], All.Split(' ').Where(name => Parameter(name).grad is not null));
    }

    [Fact]
    public void Optimizer_HoldsWhatTrainsInAnyEpoch_AndLeavesFlagsAsTheyAre()
    {
        Parameter("hidden.weight").requires_grad = false;
        Parameter("out.bias").requires_grad = false;
        using var freezer = new Freezer(
            _model,
            [
                new Freeze("hidden.bias"),
                new Freeze("out.weight") { FromEpoch = 2 },
                new Unfreeze("hidden.weight") { FromEpoch = 2, LearningRate = 0.5 },
            ]
        );
        using var optimizer = freezer.CreateOptimizer(new SgdOptions());
        Assert.Equal(
            [
                ["out.weight"],
                ["hidden.weight"],
            ],
            OptimizerGroups.Of(optimizer, _model)!
        );
        Assert.Equal("hidden.bias out.weight", Asking());
    }

    [Fact]
    public void Rates_AreThoseOfThePhase_GroupByGroup()
    {
        using var freezer = new Freezer(
            _model,
            [new Freeze("hidden"), new Unfreeze("hidden") { FromEpoch = 2, LearningRate = 0.5 }]
        );
        using var optimizer = freezer.CreateOptimizer(new SgdOptions());
        Assert.Equal([null, null, null], Rates());
        freezer.Begin(1);
        Assert.Equal([null, null, null], Rates());
        freezer.Begin(2);
        Assert.Equal([null, 0.5, null], Rates()); // the third is a group that a callback added

        double?[] Rates() => [freezer.RateOf(0), freezer.RateOf(1), freezer.RateOf(2)];
    }

    [Fact]
    public void ModelDisposedBefore_IsNoFault()
    {
        var model = TinyModel.Create();
        var freezer = new Freezer(model, [new Freeze("hidden")]);
        freezer.Begin(1);
        model.Dispose();
        freezer.Dispose();
    }

    [Fact]
    public void HolderOfAParameter_IsItsModule_AlsoWhereItsOwnNameHasDots()
    {
        using var model = new Named();
        Assert.Equal(
            ["layer.weight Linear", "named.a.b ParameterDict", "own Named"],
            NamedParameter
                .Of(model)
                .Select(parameter => $"{parameter.Name} {parameter.Module.GetType().Name}")
                .Order(StringComparer.Ordinal)
        );
    }

    private Parameter Parameter(string name) => _model.get_parameter(name)!;

    private string Asking() =>
        string.Join(' ', _model.named_parameters().Where(entry => entry.parameter.requires_grad).Select(entry => entry.name));

#pragma warning disable IDE1006
    private sealed class Named : nn.Module
    {
        private readonly Parameter own = new(zeros(1));
        private readonly ParameterDict named = new() { { "a.b", new Parameter(zeros(1)) } };
        private readonly Linear layer = nn.Linear(1, 1, hasBias: false);

        public Named()
            : base(nameof(Named)) => RegisterComponents();
    }
#pragma warning restore IDE1006
}
