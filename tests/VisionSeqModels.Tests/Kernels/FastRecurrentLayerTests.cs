using System.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Kernels;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>The library's own recurrent steps against libtorch's modules.</summary>
[Collection("Torch")]
public sealed class FastRecurrentLayerTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<RecurrentCell, ActivationFunction, int, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<RecurrentCell, ActivationFunction, int, int, int>();
            foreach (var (batch, time, hidden) in new[] { (64, 28, 128), (1, 1, 16), (3, 2, 32), (5, 100, 48), (7, 1, 64) })
            {
                cases.Add(RecurrentCell.Rnn, ActivationFunction.Tanh, batch, time, hidden);
                cases.Add(RecurrentCell.Rnn, ActivationFunction.ReLU, batch, time, hidden);
                cases.Add(RecurrentCell.Lstm, ActivationFunction.Tanh, batch, time, hidden);
                cases.Add(RecurrentCell.Gru, ActivationFunction.Tanh, batch, time, hidden);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void StatesAndGradients_AreLibtorchs(RecurrentCell cell, ActivationFunction function, int batch, int time, int hidden)
    {
        using var scope = NewDisposeScope();
        var (module, layer) = Create(cell, function, hidden);
        using var _ = module;
        var sequence = randn([batch, time, 11], generator: new Generator(2)) * 2;
        Compare(module, layer, sequence, lastOnly: true);
        Compare(module, layer, sequence, lastOnly: false);
        Compare(module, layer, sequence.transpose(0, 1).contiguous().transpose(0, 1), lastOnly: false);
        using var noGradients = no_grad();
        TensorAssert.Close(
            RecurrentLayers.Run(module, sequence).Outputs,
            layer.Run(sequence, lastOnly: false),
            Tolerance,
            "states without gradients"
        );
    }

    [Theory]
    [InlineData(RecurrentCell.Rnn)]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void GradientOfTheGradient_IsLibtorchs(RecurrentCell cell)
    {
        using var scope = NewDisposeScope();
        var (module, layer) = Create(cell, ActivationFunction.Tanh, 16);
        using var _ = module;
        var sequence = randn([2, 5, 11], generator: new Generator(2));
        Tensor Second(Func<Tensor, Tensor> run)
        {
            var input = sequence.clone().requires_grad_();
            var first = autograd.grad([run(input).pow(3).sum()], [input], retain_graph: true, create_graph: true)[0];
            return autograd.grad([first.pow(2).sum()], [input])[0];
        }

        TensorAssert.Close(
            Second(input => RecurrentLayers.Run(module, input).Outputs.select(1, -1)),
            Second(input => layer.Run(input, lastOnly: true)),
            Tolerance,
            "last state"
        );
        TensorAssert.Close(
            Second(input => RecurrentLayers.Run(module, input).Outputs),
            Second(input => layer.Run(input, lastOnly: false)),
            Tolerance,
            "all states"
        );
    }

    [Fact]
    public void SecondBackwardPass_AddsTheSameGradients()
    {
        using var scope = NewDisposeScope();
        var (module, layer) = Create(RecurrentCell.Gru, ActivationFunction.Tanh, 32);
        using var _ = module;
        var sum = layer.Run(randn([2, 5, 11], generator: new Generator(2)), lastOnly: false).sum();
        TensorAssert.SecondBackwardPassAddsTheSame(sum, module.parameters());
    }

    [Fact]
    public void Model_UsesIt_UntilSomebodyListensToTheModule()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Gru(new RecurrentOptions { HiddenSize = 64, Seed = 1 });
        var input = randn([2, 1, 28, 28], generator: new Generator(3));
        int calls = 0;
        var hook = ((GRU)model.Layers).register_forward_hook(
            (_, _, _, output) =>
            {
                calls++;
                return output;
            }
        );
        var heard = model.call(input);
        Assert.Equal(1, calls);
        hook.remove();
        var fast = model.call(input);
        Assert.Equal(1, calls);
        TensorAssert.Close(heard, fast, Tolerance, "scores");
        Assert.False(heard.bytes.SequenceEqual(fast.bytes), "The same bits: the model never took the fast way.");
    }

    [Fact]
    public void WeightsThatMovedToAnotherTypeAndBack_AreTheOnesThatCount()
    {
        using var scope = NewDisposeScope();
        var (module, layer) = Create(RecurrentCell.Gru, ActivationFunction.Tanh, 32);
        using var _ = module;
        var sequence = randn([2, 5, 11], generator: new Generator(2));
        module.to(ScalarType.Float64);
        Assert.False(layer.Supports(sequence));
        using (no_grad())
        {
            foreach (var weight in module.parameters())
            {
                weight.mul_(2);
            }
        }

        module.to(ScalarType.Float32);
        Assert.True(layer.Supports(sequence));
        Compare(module, layer, sequence, lastOnly: false);
    }

    [Fact]
    public void NotANumber_GoesThrough()
    {
        using var scope = NewDisposeScope();
        foreach (var cell in Enum.GetValues<RecurrentCell>())
        {
            var (module, layer) = Create(cell, ActivationFunction.Tanh, 32);
            using var _ = module;
            var sequence = randn([2, 5, 11], generator: new Generator(2));
            sequence[0, 2, 3] = float.NaN;
            var states = layer.Run(sequence, lastOnly: false);
            Assert.Equal(
                isnan(RecurrentLayers.Run(module, sequence).Outputs).data<bool>().ToArray(),
                isnan(states.contiguous()).data<bool>().ToArray()
            );
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void ThreadCount_ChangesNoState(int threads)
    {
        using var scope = NewDisposeScope();
        using var count = new ThreadCount(threads);
        foreach (var cell in Enum.GetValues<RecurrentCell>())
        {
            var (module, layer) = Create(cell, ActivationFunction.Tanh, 32);
            using var _ = module;
            var sequence = randn([43, 6, 11], generator: new Generator(2));
            Compare(module, layer, sequence, lastOnly: false);
            TensorAssert.Close(
                cat([.. sequence.split(5).Select(some => layer.Run(some, lastOnly: false))]),
                layer.Run(sequence, lastOnly: false),
                1e-6,
                "sequences in other batches"
            );
        }
    }

    [Fact]
    public void Pass_LeavesNoTensorBehind_InAnyThread()
    {
        using var count = new ThreadCount(2);
        foreach (var cell in Enum.GetValues<RecurrentCell>())
        {
            var (module, layer) = Create(cell, ActivationFunction.Tanh, 32);
            using var _ = module;
            using var sequence = randn([43, 6, 11], generator: new Generator(2));
            long Run()
            {
                using (NewDisposeScope())
                {
                    layer.Run(sequence, lastOnly: false).sum().backward();
                }

                return Tensor.TotalCount;
            }

            long once = Run();
            Assert.Equal(once, Run());
        }
    }

    [Fact]
    public void Functions_AreMathFs_ToAFewUnitsInTheLastPlace()
    {
        for (float x = -20; x < 20; x += 0.00371f)
        {
            float tanh = VectorFunctions.Tanh(Vector.Create(x))[0];
            Assert.True(Math.Abs(tanh - Math.Tanh(x)) <= 4e-7 * Math.Abs(Math.Tanh(x)), $"tanh({x}) gave {tanh}");
        }

        Assert.Equal(1, VectorFunctions.Tanh(Vector.Create(float.PositiveInfinity))[0], 1e-7);
        Assert.Equal(-1, VectorFunctions.Tanh(Vector.Create(float.NegativeInfinity))[0], 1e-7);
        Assert.Equal(0, VectorFunctions.Sigmoid(Vector.Create(float.NegativeInfinity))[0], 1e-7);
    }

    [Fact]
    public void Sigmoid_IsExactToAMillionth_ForEveryFiniteArgument()
    {
        static void Check(float x)
        {
            double exact = 1 / (1 + Math.Exp(-(double)x));
            double actual = VectorFunctions.Sigmoid(Vector.Create(x))[0];
            // below float32's normal numbers the last place is all there is
            double allowed = Math.Max(1e-6 * exact, float.Epsilon);
            Assert.True(Math.Abs(actual - exact) <= allowed, $"sigmoid({x:R}) gave {actual:R}, not {exact:R}");
        }

        for (double x = -110; x < 110; x += 0.000371)
        {
            Check((float)x);
        }

        foreach (float x in new[] { -12, -18, -87, -87.3f, -88, -103, -104, -105, 0, -0f, float.MinValue, float.MaxValue })
        {
            Check(x);
        }

        for (float x = 1e-38f; x < 1e38f; x *= 1.0137f)
        {
            Check(x);
            Check(-x);
        }

        Assert.True(float.IsNaN(VectorFunctions.Sigmoid(Vector.Create(float.NaN))[0]));
        Assert.Equal(1, VectorFunctions.Sigmoid(Vector.Create(float.PositiveInfinity))[0]);
        Assert.Equal(0, VectorFunctions.Sigmoid(Vector.Create(float.NegativeInfinity))[0]);
    }

    [Theory]
    [InlineData(RecurrentCell.Lstm, 0, -12)]
    [InlineData(RecurrentCell.Lstm, 3, -12)]
    [InlineData(RecurrentCell.Lstm, 3, -18)]
    [InlineData(RecurrentCell.Gru, 0, -12)]
    [InlineData(RecurrentCell.Gru, 0, -18)]
    [InlineData(RecurrentCell.Gru, 1, -18)]
    public void ClosedGates_KeepTheirRelativeAccuracy(RecurrentCell cell, int gate, double bias)
    {
        using var scope = NewDisposeScope();
        var (module, layer) = Create(cell, ActivationFunction.Tanh, 32);
        var (exact, _) = Create(cell, ActivationFunction.Tanh, 32);
        exact.to(ScalarType.Float64);
        (Tensor States, Tensor Gradient) Run(nn.Module some, Func<Tensor, Tensor> run, ScalarType dtype)
        {
            var weights = some.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
            using (no_grad())
            {
                weights["bias_ih_l0"].narrow(0, gate * 32, 32).fill_(bias);
            }

            var states = run(randn([3, 2, 11], generator: new Generator(2)).to_type(dtype));
            states.pow(2).sum().backward();
            var gradient = weights["bias_ih_l0"].grad!.narrow(0, gate * 32, 32);
            return (states.to_type(ScalarType.Float64), gradient.to_type(ScalarType.Float64));
        }

        var expected = Run(exact, input => RecurrentLayers.Run(exact, input).Outputs, ScalarType.Float64);
        var actual = Run(module, input => layer.Run(input, lastOnly: false), ScalarType.Float32);
        module.Dispose();
        exact.Dispose();
        static double Error(Tensor expected, Tensor actual) =>
            ((actual - expected).abs().max() / expected.abs().max()).item<double>();
        Assert.InRange(Error(expected.States, actual.States), 0, 1e-5);
        Assert.InRange(Error(expected.Gradient, actual.Gradient), 0, 1e-5);
    }

    [Theory]
    [InlineData(RecurrentCell.Lstm, 1, false, 40)]
    [InlineData(RecurrentCell.Gru, 2, false, 32)]
    [InlineData(RecurrentCell.Gru, 1, true, 32)]
    [InlineData(RecurrentCell.Rnn, 1, false, 30)]
    public void OtherModules_AreLeftToLibtorch(RecurrentCell cell, int layers, bool bidirectional, int hidden)
    {
        var options = new RecurrentOptions
        {
            LayerCount = layers,
            Bidirectional = bidirectional,
            HiddenSize = hidden,
        };
        using var module = RecurrentLayers.Create(cell, options);
        Assert.Null(KernelSelection.RecurrentLayer(module, cell, options));
    }

    private static (nn.Module Module, FastRecurrentLayer Layer) Create(
        RecurrentCell cell,
        ActivationFunction function,
        int hidden
    )
    {
        var options = new RecurrentOptions
        {
            InputSize = 11,
            HiddenSize = hidden,
            Nonlinearity = function,
        };
        manual_seed(1);
        var module = RecurrentLayers.Create(cell, options);
        return (module, KernelSelection.RecurrentLayerAnywhere(module, cell, options)!);
    }

    private static void Compare(nn.Module module, FastRecurrentLayer layer, Tensor sequence, bool lastOnly)
    {
        Assert.True(layer.Supports(sequence));
        var expected = Run(
            module,
            sequence,
            input =>
                lastOnly ? RecurrentLayers.Run(module, input).Outputs.select(1, -1) : RecurrentLayers.Run(module, input).Outputs
        );
        var actual = Run(module, sequence, input => layer.Run(input, lastOnly));
        Assert.All(expected, entry => TensorAssert.Close(entry.Value, actual[entry.Key], Tolerance, entry.Key));
    }

    /// <summary>States, and the gradients of a sum that weighs each of them differently.</summary>
    private static Dictionary<string, Tensor> Run(nn.Module module, Tensor sequence, Func<Tensor, Tensor> run)
    {
        var input = sequence.clone().requires_grad_();
        var states = run(input);
        (states * randn(states.shape, generator: new Generator(4))).sum().backward();
        var results = new Dictionary<string, Tensor> { ["states"] = states, ["sequence"] = input.grad! };
        foreach (var (name, weight) in module.named_parameters())
        {
            results[name] = weight.grad!.clone();
            weight.grad!.zero_();
        }

        return results;
    }
}
