using System.Runtime.Intrinsics.X86;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Adam = VisionSeqModels.Optimization.Adam;
using OptimizerState = VisionSeqModels.Optimization.OptimizerState;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Against TorchSharp's Adam: bit for bit where libtorch's code is the one it was compared with, else to
/// rounding.</summary>
[Collection("Torch")]
public sealed class FastAdamTests
{
    private static readonly long[] Sizes = [1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 47, 100, 1003, 40_000];

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    public void Steps_AreTorchSharps(double weightDecay) =>
        Compare(
            weightDecay,
            ScalarType.Float32,
            parameter => parameter.grad = randn(parameter.shape) * Math.Pow(10, (randn(1) * 3).ToSingle())
        );

    [Fact]
    public void GradientsInAnotherOrder_AndMissingOnes_AreTorchSharps() =>
        Compare(
            0,
            ScalarType.Float32,
            parameter =>
                parameter.grad =
                    parameter.numel() == 9 ? null
                    : parameter.dim() == 2 ? randn(parameter.size(1), parameter.size(0)).t()
                    : randn(parameter.shape)
        );

    [Fact]
    public void OtherTypes_AreLeftToTorchSharp() =>
        Compare(0, ScalarType.Float64, parameter => parameter.grad = randn(parameter.shape, dtype: ScalarType.Float64));

    [Fact]
    public void State_GoesOnInTorchSharpsAdam_AndBack()
    {
        using var scope = NewDisposeScope();
        using var weights = new OneWeight();
        using var fast = (Adam)new AdamOptions().Create(weights);
        using var slow = optim.Adam(weights.parameters());
        weights.Value.grad = randn(weights.Value.shape);
        fast.step();
        slow.load_state_dict(fast.state_dict());
        Assert.Equal(OptimizerState.Save(fast), OptimizerState.Save(slow));
    }

    /// <summary>A backward pass through a graph that was made before the step is refused, as after any change in place.</summary>
    [Fact]
    public void Autograd_LearnsOfTheChange()
    {
        using var scope = NewDisposeScope();
        using var weights = new OneWeight();
        using var optimizer = new AdamOptions().Create(weights);
        var square = weights.Value.pow(2).sum();
        weights.Value.grad = randn(weights.Value.shape);
        optimizer.step();
        Assert.Contains(
            "modified by an inplace operation",
            Assert.ThrowsAny<Exception>(() => square.backward()).Message,
            StringComparison.Ordinal
        );
    }

    private static void Compare(double weightDecay, ScalarType type, Action<Parameter> setGradient)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Parameter[] fast =
        [
            .. Sizes.Select(size => new Parameter(randn([size], dtype: type))),
            new Parameter(randn([12, 20], dtype: type)),
        ];
        Parameter[] slow = [.. fast.Select(parameter => new Parameter(parameter.detach().clone()))];
        using var own = new Adam(fast, 1e-2, 0.9, 0.999, 1e-8, weightDecay);
        using var torchSharps = optim.Adam(slow, 1e-2, weight_decay: weightDecay);
        for (int step = 0; step < 6; step++)
        {
            foreach (var (one, other) in fast.Zip(slow))
            {
                setGradient(one);
                other.grad = one.grad?.clone();
            }

            own.step();
            torchSharps.step();
        }

        if (!Fma.IsSupported)
        {
            Assert.All(fast.Zip(slow), pair => TensorAssert.Close(pair.Second, pair.First, 1e-6, "weights"));
            return;
        }

        Assert.All(
            fast.Zip(slow),
            pair => TensorAssert.Identical(pair.Second, pair.First, $"weights of shape [{string.Join(", ", pair.First.shape)}]")
        );
        Assert.Equal(OptimizerState.Save(torchSharps), OptimizerState.Save(own));
    }

    private sealed class OneWeight : nn.Module
    {
#pragma warning disable IDE1006
        private readonly Parameter weight = new(randn(20));
#pragma warning restore IDE1006

        public OneWeight()
            : base(nameof(OneWeight)) => RegisterComponents();

        public Parameter Value => weight;
    }
}
