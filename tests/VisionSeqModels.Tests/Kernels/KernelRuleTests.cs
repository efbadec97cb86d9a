using VisionSeqModels.Kernels;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>Which sizes are left to libtorch because it is faster there.</summary>
[Collection("Torch")]
public sealed class KernelRuleTests
{
    [Theory]
    [InlineData(6, 16, 32, 8, true, true)] // the usual LeNet
    [InlineData(6, 16, 32, 7, true, false)]
    [InlineData(6, 16, 32, 1, false, true)]
    [InlineData(8, 16, 64, 1, false, true)]
    [InlineData(16, 32, 64, 1, false, false)]
    [InlineData(16, 32, 64, 32, true, true)]
    [InlineData(32, 64, 12, 512, false, true)]
    [InlineData(32, 64, 32, 64, false, false)]
    [InlineData(32, 64, 32, 64, true, false)]
    public void Convolutions(int firstKernels, int secondKernels, int side, int images, bool hasGradients, bool isTaken)
    {
        var first = new ConvolutionShape(3, side, side, firstKernels, side < 16 ? 3 : 5);
        var second = new ConvolutionShape(firstKernels, first.PooledHeight, first.PooledWidth, secondKernels, first.Side);
        Assert.Equal(isTaken, KernelRule.TakesConvolutions(first, second, images, hasGradients));
    }

    [Theory]
    [InlineData(128, 2, true, true)]
    [InlineData(128, 1, true, false)]
    [InlineData(256, 8, true, true)]
    [InlineData(256, 7, true, false)]
    [InlineData(512, 64, true, true)]
    [InlineData(1024, 512, true, false)]
    [InlineData(256, 1, false, true)]
    [InlineData(512, 64, false, false)]
    public void Lstm(int units, int sequences, bool hasGradients, bool isTaken)
    {
        Assert.Equal(isTaken, KernelRule.TakesRecurrentLayer(new LstmKernel(), units, sequences, hasGradients));
        Assert.True(KernelRule.TakesRecurrentLayer(new GruKernel(), units, sequences, hasGradients), "a GRU");
        Assert.True(KernelRule.TakesRecurrentLayer(new RnnKernel(isRelu: false), units, sequences, hasGradients), "an RNN");
    }

    [Fact]
    public void LeNet_FollowsIt()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var images = randn([8, 3, 32, 32], generator: new Generator(3));
        var module = (nn.Module<Tensor, Tensor>)model.named_children().First(child => child.name == "conv2").module;
        var hook = module.register_forward_hook((_, _, output) => output); // then all is libtorch's
        Tensor[] expected = [model.call(images), model.call(images[..7])];
        hook.remove();
        Assert.False(expected[0].bytes.SequenceEqual(model.call(images).bytes), "eight images: the own kernel");
        TensorAssert.Identical(expected[1], model.call(images[..7]), "seven images");
    }

    [Fact]
    public void Lstm_FollowsIt()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Lstm(new RecurrentOptions { HiddenSize = 128, Seed = 1 });
        var sequences = randn([2, 28, 28], generator: new Generator(3));
        Assert.False(IsLibtorchs(model, sequences), "two sequences: the own kernel");
        Assert.True(IsLibtorchs(model, sequences[..1]), "one sequence");
        using var noGradients = no_grad();
        Assert.False(IsLibtorchs(model, sequences[..1]), "one sequence without gradients: the own kernel");
    }

    private static bool IsLibtorchs(RecurrentClassifier model, Tensor sequences) =>
        model
            .HiddenStates(sequences)
            .contiguous()
            .bytes.SequenceEqual(RecurrentLayers.Run(model.Layers, sequences).Outputs.contiguous().bytes);
}
