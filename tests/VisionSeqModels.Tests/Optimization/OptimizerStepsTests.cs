using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;
using Adam = VisionSeqModels.Optimization.Adam;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Steps with a closure, gradients set to 0, and weights of several types in one optimizer.</summary>
[Collection("Torch")]
public sealed class OptimizerStepsTests : IDisposable
{
    private static readonly Dictionary<string, OptimizerOptions> Optimizers = new()
    {
        ["Adam"] = new AdamOptions(),
        ["AdamW"] = new AdamWOptions(),
        ["SGD"] = new SgdOptions { Momentum = 0.9 },
        ["NAdam"] = new NAdamOptions(),
        ["RAdam"] = new RAdamOptions(),
        ["RMSprop"] = new RMSpropOptions(),
        ["Adagrad"] = new AdagradOptions(),
    };

    public static TheoryData<string, bool> Ways
    {
        get
        {
            var ways = new TheoryData<string, bool>();
            foreach (string name in Optimizers.Keys)
            {
                ways.Add(name, false);
                ways.Add(name, true);
            }

            return ways;
        }
    }

    public void Dispose() => HostDevice.IsRemote = false;

    [Theory]
    [MemberData(nameof(Ways))]
    public void Step_AsksTheClosureOnce_AndGivesItsLoss(string name, bool remote)
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Create();
        using var optimizer = Optimizers[name].Create(model);
        HostDevice.IsRemote = remote;
        var before = model.get_parameter("out.bias")!.detach().clone();
        int asked = 0;
        var loss = optimizer.step(() =>
        {
            asked++;
            var value = model.get_parameter("out.bias")!.sum();
            value.backward();
            return value;
        });
        Assert.Equal(1, asked);
        Assert.Equal(before.sum().ToSingle(), loss.ToSingle());
        Assert.All((before - model.get_parameter("out.bias")!).data<float>().ToArray(), moved => Assert.True(moved > 0));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Gradients_AreSetTo0(string name, bool remote)
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Create();
        using var optimizer = Optimizers[name].Create(model);
        HostDevice.IsRemote = remote;
        foreach (var parameter in model.parameters())
        {
            parameter.grad = ones_like(parameter);
        }

        optimizer.zero_grad();
        Assert.All(model.parameters(), parameter => Assert.Equal(0, parameter.grad?.abs().sum().ToSingle() ?? 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AdamOfSeveralTypes_IsTorchSharps(bool inGroups)
    {
        using var scope = NewDisposeScope();
        Parameter[] ours = [.. Weights()];
        Parameter[] theirs = [.. Weights()];
        using var our = inGroups
            ? new Adam([.. ours.Select(one => new TorchSharp.Modules.Adam.ParamGroup([one], 0.1))], 0.1, 0.9, 0.999, 1e-8, 0)
            : new Adam(ours, 0.1, 0.9, 0.999, 1e-8, 0);
        using var their = inGroups
            ? optim.Adam(theirs.Select(one => new TorchSharp.Modules.Adam.ParamGroup([one], 0.1)), 0.1)
            : optim.Adam(theirs, 0.1);
        for (int step = 0; step < 3; step++)
        {
            foreach (var weight in ours.Concat(theirs))
            {
                weight.grad = weight.detach() * 2;
            }

            our.step();
            their.step();
        }

        Assert.All(theirs.Zip(ours), pair => TensorAssert.Identical(pair.First, pair.Second, "weights"));
    }

    private static IEnumerable<Parameter> Weights() =>
        [new(arange(1f, 11f)), new(arange(1.0, 11.0)), new(arange(1f, 13f).reshape(3, 4).t())];
}
