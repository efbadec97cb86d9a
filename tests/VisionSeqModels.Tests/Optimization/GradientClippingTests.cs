using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Exact gradients after clipping and division, one by one and in one call.</summary>
[Collection("Torch")]
public sealed class GradientClippingTests : IDisposable
{
    public void Dispose() => HostDevice.IsRemote = false;

    [Theory]
    [InlineData(null, null, null, new float[] { 3, 0, -4 })]
    [InlineData(2.0, null, null, new float[] { 2, 0, -2 })]
    [InlineData(5.0, null, null, new float[] { 3, 0, -4 })]
    [InlineData(null, 1.0, 5.0, new[] { 0.6f, 0, -0.8f })]
    [InlineData(null, 10.0, 5.0, new float[] { 3, 0, -4 })]
    [InlineData(2.0, 1.0, 2.828427, new[] { 0.7071068f, 0, -0.7071068f })]
    public void Clip_LimitsValuesThenTheNorm_AndGivesTheNormBefore(double? value, double? norm, double? total, float[] expected)
    {
        using var scope = NewDisposeScope();
        foreach (bool remote in new[] { false, true })
        {
            using var model = WithGradients();
            HostDevice.IsRemote = remote;
            var actual = GradientClipping.Clip(model, value, norm);
            HostDevice.IsRemote = false;
            Assert.Equal(total is null, actual is null);
            Assert.Equal(total ?? 0, actual?.ToDouble() ?? 0, 1e-5);
            Near(expected, model);
        }
    }

    [Theory]
    [InlineData(4, new[] { 0.75f, 0, -1 })]
    [InlineData(0, new float[] { 3, 0, -4 })]
    public void Divide_DividesOnce_AndNotByAWeightOf0(float weight, float[] expected)
    {
        using var scope = NewDisposeScope();
        foreach (bool remote in new[] { false, true })
        {
            using var model = WithGradients();
            HostDevice.IsRemote = remote;
            GradientClipping.Divide(model, tensor(weight));
            HostDevice.IsRemote = false;
            Near(expected, model);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WithoutGradients_ThereIsNothingToDo(bool remote)
    {
        using var scope = NewDisposeScope();
        using var model = nn.Linear(2, 1);
        HostDevice.IsRemote = remote;
        Assert.Null(GradientClipping.Clip(model, 1, 1));
        GradientClipping.Divide(model, tensor(2f));
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    private static Linear WithGradients()
    {
        var model = nn.Linear(2, 1);
        model.weight!.grad = tensor(new float[] { 3, 0 }).reshape(1, 2);
        model.bias!.grad = tensor(new float[] { -4 });
        return model;
    }

    private static void Near(float[] expected, Linear model) =>
        Assert.All(
            expected.Zip(model.parameters().SelectMany(parameter => parameter.grad!.data<float>().ToArray())),
            pair => Assert.Equal(pair.First, pair.Second, 1e-5f)
        );
}
