using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using VisionSeqModels.Torch;
using static TorchSharp.torch;
using OptimizerState = VisionSeqModels.Optimization.OptimizerState;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>The way of a GPU, on libtorch's CPU: one operation for all parameters.</summary>
[Collection("Torch")]
public sealed class FusedStepTests : IDisposable
{
    private static readonly Dictionary<string, OptimizerOptions> Optimizers = new()
    {
        ["Adam"] = new AdamOptions(),
        ["Adam with decay"] = new AdamOptions { WeightDecay = 0.01 },
        ["Adam, amsgrad"] = new AdamOptions { AmsGrad = true },
        ["Adam up"] = new AdamOptions { Maximize = true, WeightDecay = 0.01 },
        ["AdamW"] = new AdamWOptions(),
        ["AdamW, amsgrad"] = new AdamWOptions { AmsGrad = true, Beta2 = 0.9 },
        ["SGD"] = new SgdOptions(),
        ["SGD with momentum"] = new SgdOptions { Momentum = 0.9, WeightDecay = 0.01 },
        ["SGD, nesterov"] = new SgdOptions { Momentum = 0.9, Nesterov = true },
        ["SGD, dampening"] = new SgdOptions { Momentum = 0.9, Dampening = 0.1 },
        ["SGD up"] = new SgdOptions
        {
            Momentum = 0.9,
            Maximize = true,
            WeightDecay = 0.01,
        },
        ["groups"] = new AdamOptions { ParameterGroups = [new ParameterGroup { Parameters = "fc3", LearningRateFactor = 0.1 }] },
    };

    public static TheoryData<string> Names => [.. Optimizers.Keys];

    public void Dispose() => HostDevice.IsRemote = false;

    [Theory]
    [MemberData(nameof(Names))]
    public void AHundredSteps_AreThoseOneByOne(string name)
    {
        var one = Weights(name, remote: false, steps: 100);
        var fused = Weights(name, remote: true, steps: 100);
        // SGD without a mean of squares moves by the gradient itself, which grows with the weights
        foreach (var (expected, actual) in one.Zip(fused))
        {
            Assert.Equal(expected, actual, 1e-7f * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SavedStates_GoOnEitherWay(string name)
    {
        using var scope = NewDisposeScope();
        var (model, optimizer) = Begin(name);
        var (other, otherOptimizer) = Begin(name);
        HostDevice.IsRemote = true;
        Move(model, optimizer, 5);
        byte[] state = OptimizerState.Save(optimizer)!;
        HostDevice.IsRemote = false;
        other.load_state_dict(model.state_dict());
        OptimizerState.Load(otherOptimizer, state, CPU);
        Assert.Equal(state, OptimizerState.Save(otherOptimizer));
        Move(other, otherOptimizer, 5);
        HostDevice.IsRemote = true;
        Move(model, optimizer, 5);
        Assert.All(Numbers(model).Zip(Numbers(other)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void ParametersWithoutGradient_StayAndCountNoStep()
    {
        using var scope = NewDisposeScope();
        HostDevice.IsRemote = true;
        var (model, optimizer) = Begin("Adam");
        model.fc3.weight!.grad = zeros_like(model.fc3.weight);
        model.fc3.weight.grad!.add_(1);
        float[] before = Numbers(model);
        optimizer.step();
        float[] after = Numbers(model);
        Assert.Equal(20, before.Zip(after).Count(pair => pair.First != pair.Second));
        foreach (var parameter in model.parameters())
        {
            parameter.grad = ones_like(parameter);
        }

        optimizer.step(); // the one is at its second step, the others at their first
        Assert.All(Numbers(model).Zip(after), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void GradientsAreZeroed_AndMissingOnesStayMissing()
    {
        using var scope = NewDisposeScope();
        HostDevice.IsRemote = true;
        var (model, optimizer) = Begin("SGD");
        model.fc3.weight!.grad = ones_like(model.fc3.weight);
        optimizer.zero_grad();
        Assert.Equal(0, model.fc3.weight.grad!.abs().sum().ToSingle());
        Assert.Null(model.fc1.weight!.grad);
    }

    [Fact]
    public void OnTheCpu_NothingIsFused()
    {
        using var scope = NewDisposeScope();
        var (_, optimizer) = Begin("Adam");
        Assert.False(((IFusedSteps)optimizer).Fused.Fits([.. optimizer.ParamGroups.Cast<ParamGroup>()]));
    }

    [Fact]
    public void OneThatTheDeviceLacks_IsReportedOnce_AndNotUsed()
    {
        HostDevice.IsRemote = true;
        using var scope = NewDisposeScope();
        var (model, optimizer) = Begin("Adam");
        var reasons = new List<string>();
        var fused = new FusedStep(_ => TorchScripts.Call("clip", Array.Empty<Tensor>(), (Scalar)1.0)) { Report = reasons.Add };
        ParamGroup[] groups = [.. optimizer.ParamGroups.Cast<ParamGroup>()];
        Assert.False(fused.Fits(groups));
        Assert.False(fused.Fits(groups));
        Assert.NotEmpty(Assert.Single(reasons));
    }

    [Theory]
    [InlineData(null, 0.5)]
    [InlineData(0.01, null)]
    [InlineData(0.01, 0.02)]
    [InlineData(null, 1e6)]
    public void Clipping_IsTheSameInOneCall(double? value, double? norm)
    {
        using var scope = NewDisposeScope();
        float[] Clipped(bool remote)
        {
            var (model, _) = Begin("SGD");
            manual_seed(3);
            foreach (var parameter in model.parameters())
            {
                parameter.grad = randn_like(parameter);
            }

            HostDevice.IsRemote = remote;
            using var total = GradientClipping.Clip(model, value, norm);
            HostDevice.IsRemote = false;
            return
            [
                .. model.parameters().SelectMany(parameter => parameter.grad!.data<float>().ToArray()),
                total?.ToSingle() ?? 0,
            ];
        }

        Assert.All(Clipped(false).Zip(Clipped(true)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    private static float[] Weights(string name, bool remote, int steps)
    {
        using var scope = NewDisposeScope();
        var (model, optimizer) = Begin(name);
        HostDevice.IsRemote = remote;
        Move(model, optimizer, steps);
        HostDevice.IsRemote = false;
        return Numbers(model);
    }

    private static (Layers Model, optim.Optimizer Optimizer) Begin(string name)
    {
        manual_seed(1);
        var model = new Layers();
        return (model, Optimizers[name].Create(model));
    }

    private static void Move(Layers model, optim.Optimizer optimizer, int steps)
    {
        var fused = ((IFusedSteps)optimizer).Fused;
        Assert.Equal(HostDevice.IsRemote, fused.Fits([.. optimizer.ParamGroups.Cast<ParamGroup>()]));
        for (int step = 0; step < steps; step++)
        {
            manual_seed(step);
            foreach (var parameter in model.parameters())
            {
                parameter.grad = randn_like(parameter).mul_(0.1);
            }

            optimizer.step();
        }
    }

    private static float[] Numbers(Layers model) =>
        [.. model.parameters().SelectMany(parameter => parameter.detach().data<float>().ToArray())];

#pragma warning disable IDE1006, SA1401
    private sealed class Layers : nn.Module
    {
        public readonly Linear fc1 = nn.Linear(7, 5);
        public readonly Linear fc3 = nn.Linear(5, 4);

        public Layers()
            : base(nameof(Layers)) => RegisterComponents();
    }
#pragma warning restore IDE1006, SA1401
}
