using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Modes of normalisations: in evaluation where all their parameters are frozen, and back once they train
/// again.</summary>
[Collection("Torch")]
public sealed class FrozenStatisticsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Norm_IsInEvaluation_WhileItIsFrozen(bool affine)
    {
        using var model = Normed(affine);
        using var freezer = new Freezer(model, [new Freeze("norm") { FromEpoch = 2 }, new Unfreeze("norm") { FromEpoch = 4 }]);
        Assert.Equal("true true", Modes(freezer, model, 1));
        Assert.Equal("true false", Modes(freezer, model, 2));
        Norm(model).train();
        Assert.Equal("true false", Modes(freezer, model, 3));
        Assert.Equal("true true", Modes(freezer, model, 4));
        Norm(model).eval(); // by the user, within a phase
        Assert.Equal("true false", Modes(freezer, model, 5));
    }

    [Fact]
    public void NormFrozenFromTheStart_TrainsOnceItIsUnfrozen()
    {
        using var model = Normed(affine: true);
        using var freezer = new Freezer(model, [new Freeze("norm"), new Unfreeze("norm.bias") { FromEpoch = 2 }]);
        Assert.Equal("true false", Modes(freezer, model, 1));
        Assert.Equal("true true", Modes(freezer, model, 2));
    }

    [Fact]
    public void NormFrozenByHand_TrainsOnceItIsUnfrozen()
    {
        using var model = Normed(affine: true);
        ByHand(model);
        Norm(model).eval();
        using var freezer = new Freezer(model, [new Unfreeze("norm.weight")]);
        Assert.Equal("true true", Modes(freezer, model, 1));
    }

    [Fact]
    public void ParametersFrozenOneByOne_FreezeTheNorm_AndOneAloneDoesNot()
    {
        using var model = Normed(affine: true);
        using (var freezer = new Freezer(model, [new Freeze("norm.weight")]))
        {
            Assert.Equal("true true", Modes(freezer, model, 1));
            Norm(model).eval();
        }

        using (var freezer = new Freezer(model, [new Freeze("norm.weight")]))
        {
            Assert.Equal("true false", Modes(freezer, model, 1)); // never frozen: the user's mode stays
            Norm(model).train();
        }

        using (var freezer = new Freezer(model, [new Freeze("norm.weight"), new Freeze("norm.bias")]))
        {
            Assert.Equal("true false", Modes(freezer, model, 1));
        }
    }

    [Fact]
    public void NormThatNoRuleTouches_KeepsItsMode()
    {
        using var model = Normed(affine: true);
        ByHand(model);
        using var freezer = new Freezer(model, [new Freeze("hidden.weight")]);
        Assert.Equal("true true", Modes(freezer, model, 1));
        Norm(model).eval();
        Assert.Equal("true false", Modes(freezer, model, 2));
    }

    [Fact]
    public void NormWithoutParameters_TrainsAsItsModeSays()
    {
        using var model = Normed(affine: false);
        Norm(model).eval();
        using var freezer = new Freezer(model, [new Unfreeze("norm") { FromEpoch = 2 }]);
        Assert.Equal("true false", Modes(freezer, model, 1));
        Assert.Equal("true true", Modes(freezer, model, 2));
    }

    [Fact]
    public void ModelThatIsANormItself_IsFrozenByTheNameOfItsMean()
    {
        using var model = new Whitening();
        using var freezer = new Freezer(model, [new Freeze("running_mean")]);
        Modes(freezer, model, 1);
        Assert.False(model.training);
    }

    [Fact]
    public void NormsWithoutParameters_AreNamedAmongWhatCanBeFrozen_TheModelItselfLast()
    {
        using var model = new Whitening();
        Assert.Equal(
            "The Freeze of 'fc' from epoch 1 on fits no parameter. There are: layer.weight, norm.running_mean, running_mean.",
            Assert.Throws<ArgumentException>(() => new Freezer(model, [new Freeze("fc")])).Message
        );
    }

    /// <summary>The modes of the first layer and of the normalisation in an epoch.</summary>
    private static string Modes(Freezer freezer, nn.Module model, int epoch)
    {
        freezer.Begin(epoch);
        freezer.SetModes();
        return string.Join(' ', model.named_children().Select(entry => entry.module.training ? "true" : "false"));
    }

    private static void ByHand(nn.Module model)
    {
        foreach (var parameter in Norm(model).parameters())
        {
            parameter.requires_grad = false;
        }
    }

    private static nn.Module<Tensor, Tensor> Normed(bool affine) =>
        nn.Sequential(("hidden", nn.Linear(2, 3)), ("norm", nn.BatchNorm1d(3, affine: affine)));

    private static nn.Module Norm(nn.Module model) => model.named_children().Single(entry => entry.name == "norm").module;

#pragma warning disable IDE1006
    private sealed class Whitening : nn.Module
    {
        private readonly TorchSharp.Modules.Linear layer = nn.Linear(1, 1, hasBias: false);
        private readonly TorchSharp.Modules.BatchNorm1d norm = nn.BatchNorm1d(1, affine: false);

        public Whitening()
            : base(nameof(Whitening))
        {
            RegisterComponents();
            register_buffer("running_mean", zeros(1));
        }
    }
#pragma warning restore IDE1006
}
