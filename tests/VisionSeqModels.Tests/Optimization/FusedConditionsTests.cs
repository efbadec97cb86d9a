using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Which parameters move by one operation: all of one floating type, contiguous, on one device.</summary>
[Collection("Torch")]
public sealed class FusedConditionsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public FusedConditionsTests() => HostDevice.IsRemote = true;

    public void Dispose()
    {
        HostDevice.IsRemote = false;
        _scope.Dispose();
    }

    [Theory]
    [InlineData(ScalarType.Float32, true)]
    [InlineData(ScalarType.Float64, true)]
    [InlineData(ScalarType.Float16, false)]
    [InlineData(ScalarType.BFloat16, false)]
    public void OneParameter_Fits_InTypesOfTheOperation(ScalarType type, bool fits) => Assert.Equal(fits, Fits([Weight(type)]));

    [Fact]
    public void ParametersOfOneKind_Fit_InAnyGroups()
    {
        Assert.True(Fits([Weight(), Weight()], [Weight()]));
        Assert.False(Fits());
        Assert.False(Fits([]));
    }

    [Fact]
    public void ParametersOfTwoKinds_DoNotFit()
    {
        Assert.False(Fits([Weight(), Weight(ScalarType.Float64)]));
        Assert.False(Fits([Weight()], [Weight(ScalarType.Float64)]));
        Assert.False(Fits([Weight(), new Parameter(zeros(2, device: META))]));
        Assert.False(Fits([Weight(), new Parameter(zeros(2, 3).t())]));
    }

    [Fact]
    public void MoreParameters_AreLookedAtAgain()
    {
        var fused = new FusedStep(_ => { });
        List<ParamGroup> groups = [Group(Weight(), Weight())];
        Assert.True(fused.Fits(groups));
        groups.Add(Group(Weight(ScalarType.Float64)));
        Assert.False(fused.Fits(groups));
        groups.RemoveAt(1);
        Assert.True(fused.Fits(groups));
    }

    [Fact]
    public void Operation_IsTriedOnce_OnACopyOfTheirType()
    {
        var tried = new List<string>();
        var fused = new FusedStep(copy => tried.Add($"{copy.dtype} {copy.numel()}"));
        ParamGroup[] groups = [Group(Weight(ScalarType.Float64), Weight(ScalarType.Float64))];
        Assert.True(fused.Fits(groups));
        Assert.True(fused.Fits(groups));
        Assert.Equal(["Float64 1"], tried);
    }

    [Fact]
    public void Trial_FindsAnOperationThatTheTypeLacks() =>
        Assert.ThrowsAny<ExternalException>(() => FusedAdamLists.Try("adam", zeros(1, dtype: ScalarType.Int64)));

    [Fact]
    public void Gradients_AreZeroedWhereParametersFit_AndElseLeft()
    {
        var weight = Weight();
        weight.grad = ones_like(weight);
        ParamGroup[] groups = [Group(weight)];
        HostDevice.IsRemote = false;
        Assert.False(new FusedStep(_ => { }).TryZeroGradients(groups));
        Assert.Equal(2, weight.grad.sum().ToDouble());
        HostDevice.IsRemote = true;
        Assert.True(new FusedStep(_ => { }).TryZeroGradients(groups));
        Assert.Equal(0, weight.grad.abs().sum().ToDouble());
    }

    [Fact]
    public void SgdWithoutMomentum_KeepsNoVelocity()
    {
        byte[] Saved(bool remote)
        {
            HostDevice.IsRemote = remote;
            using var model = TinyModel.Create();
            using var optimizer = new SgdOptions().Create(model);
            foreach (var parameter in model.parameters())
            {
                parameter.grad = ones_like(parameter);
            }

            optimizer.step();
            optimizer.step();
            return VisionSeqModels.Optimization.OptimizerState.Save(optimizer)!;
        }

        Assert.Equal(Saved(remote: false), Saved(remote: true));
    }

    private static bool Fits(params Parameter[][] groups) => new FusedStep(_ => { }).Fits([.. groups.Select(Group)]);

    private static ParamGroup Group(params Parameter[] parameters) => new() { Parameters = parameters };

    private static Parameter Weight(ScalarType type = ScalarType.Float32) => new(zeros(2, dtype: type));
}
