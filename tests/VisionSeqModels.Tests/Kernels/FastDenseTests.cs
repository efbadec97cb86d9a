using TorchSharp.Modules;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>The linear layers of a single input against libtorch's modules.</summary>
[Collection("Torch")]
public sealed class FastDenseTests
{
    [Theory]
    [InlineData(400, 120, 84, 10)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(33, 7, 18, 3)]
    [InlineData(17, 4096, 5, 2)]
    public void Values_AreLibtorchs(int inputs, int first, int second, int outputs)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        nn.Module<Tensor, Tensor>[] modules = Modules(inputs, first, second, outputs);
        var dense = new FastDense(modules);
        var input = randn([1, inputs], generator: new Generator(1));
        Assert.True(dense.Supports(input));
        TensorAssert.Close(Libtorch(modules, input), dense.Run(input), 1e-5, "outputs");
    }

    [Fact]
    public void NotANumber_GoesThroughReLU()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        nn.Module<Tensor, Tensor>[] modules = Modules(9, 5, 4, 3);
        var input = zeros(1, 9);
        input[0, 8] = float.NaN;
        Assert.Equal([true, true, true], isnan(new FastDense(modules).Run(input)).data<bool>().ToArray());
    }

    [Fact]
    public void WhatIsNotASingleInputWithoutGradients_IsLeftToLibtorch()
    {
        using var scope = NewDisposeScope();
        var modules = Modules(9, 5, 4, 3);
        var dense = new FastDense(modules);
        var input = randn(1, 9);
        Assert.False(dense.Supports(input), "gradients");
        using var noGradients = no_grad();
        Assert.True(dense.Supports(input));
        Assert.False(dense.Supports(randn(2, 9)), "two inputs");
        Assert.False(dense.Supports(randn(1, 8)), "another width");
        Assert.False(dense.Supports(randn(1, 9).to(float64)), "another dtype");
        Assert.False(dense.Supports(randn(1, 18).slice(1, 0, 18, 2)), "not contiguous");
        Assert.False(new FastDense(Modules(9, FastDense.Widest + 1, 4, 3)).Supports(input), "too wide");
        var hook = modules[1].register_forward_hook((_, _, output) => output);
        Assert.False(dense.Supports(input), "hooked");
        hook.remove();
        var last = (Linear)modules[^1];
        last.bias = new Parameter(zeros(3, float64));
        Assert.False(dense.Supports(input), "another dtype of a bias");
    }

    [Fact]
    public void ModelsUseThem_ForASingleInput()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var lenet = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        using var gru = SequenceModels.Gru();
        Check(lenet, "fc2", randn([5, 3, 32, 32], generator: new Generator(3)));
        Check(gru, "fc", randn([5, 28, 28], generator: new Generator(3)));
    }

    private static void Check(nn.Module<Tensor, Tensor> model, string name, Tensor inputs)
    {
        int calls = 0;
        var layer = (Linear)model.named_children().First(child => child.name == name).module;
        var hook = layer.register_forward_hook(
            (_, _, output) =>
            {
                calls++;
                return output;
            }
        );
        Tensor[] heard = [.. inputs.split(1).Select(model.call)];
        Assert.Equal(5, calls);
        hook.remove();
        Tensor[] alone = [.. inputs.split(1).Select(model.call)];
        TensorAssert.Close(cat(heard), cat(alone), 1e-5, "scores");
        Assert.False(cat(heard).bytes.SequenceEqual(cat(alone).bytes), "The same bits: the model never took the own kernel.");
    }

    private static nn.Module<Tensor, Tensor>[] Modules(int inputs, int first, int second, int outputs) =>
        [nn.Linear(inputs, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, outputs)];

    private static Tensor Libtorch(nn.Module<Tensor, Tensor>[] modules, Tensor input) =>
        modules.Aggregate(input, (values, module) => module.call(values));
}
