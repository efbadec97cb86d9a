using TorchSharp.Modules;
using VisionSeqModels.Kernels;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>What the kernels leave to libtorch: weights of another kind, and memory beyond 2 GiB.</summary>
[Collection("Torch")]
public sealed class KernelSupportTests
{
    [Theory]
    [InlineData("weight_ih_l0")]
    [InlineData("weight_hh_l0")]
    [InlineData("bias_ih_l0")]
    [InlineData("bias_hh_l0")]
    public void RecurrentWeightOfAnotherShape_IsLeftToLibtorch(string name)
    {
        using var scope = NewDisposeScope();
        var (module, layer) = Recurrent(32);
        using var _ = module;
        var sequence = randn(2, 5, 28);
        Assert.True(layer.Supports(sequence));
        Assert.False(layer.Supports(randn(2, 5, 27)));
        using var noGradients = no_grad();
        module.named_parameters().First(entry => entry.name == name).parameter.set_(zeros(4));
        Assert.False(layer.Supports(sequence));
    }

    [Fact]
    public void ConvolutionWeightsOfAnotherKind_AreLeftToLibtorch()
    {
        using var scope = NewDisposeScope();
        var images = randn(2, 3, 32, 32);
        Assert.True(Convolutions(_ => { }).Supports(images));
        Assert.False(Convolutions(_ => { }).Supports(randn(2, 3, 28, 28)));
        Assert.False(Convolutions(first => first.bias = null!).Supports(images));
        Assert.False(Convolutions(first => first.bias = new Parameter(zeros(6, float64))).Supports(images));
        Assert.False(Convolutions(first => first.weight = new Parameter(zeros([6, 3, 5, 5], float64))).Supports(images));
        Assert.False(Convolutions(first => first.weight = new Parameter(zeros(6, 3, 3, 3))).Supports(images));
        Assert.False(Convolutions(first => first.weight = new Parameter(zeros(5, 5, 3, 6).permute(3, 2, 0, 1))).Supports(images));
    }

    [Fact]
    public void ScratchBeyondTwoGigabytes_IsLeftToLibtorch()
    {
        using var scope = NewDisposeScope();
        var (module, layer) = Recurrent(2048);
        using var _ = module;
        var wide = new LeNetOptions { Conv1Channels = 64, Conv2Channels = 512 };
        var convolutions = Convolutions(_ => { }, wide);
        var sequence = zeros(128, 2, 28);
        var images = zeros(1024, 3, 32, 32);
        foreach (var (threads, isSupported) in new[] { (2, true), (128, false) })
        {
            using var count = new ThreadCount(threads);
            Assert.Equal(isSupported, layer.Supports(sequence));
            Assert.Equal(isSupported, convolutions.Supports(images));
        }
    }

    [Fact]
    public void PoolingOfMoreThanTwoGigabytes_IsLeftToLibtorch()
    {
        using var scope = NewDisposeScope();
        Assert.True(MaxPool2x2.Supports(empty(10_000, 16, 24, 24)));
        Assert.False(MaxPool2x2.Supports(empty(60_000, 16, 24, 24)));
    }

    [Theory]
    [InlineData(6)] // the own kernel
    [InlineData(16)] // libtorch's: more than 2 GiB
    public void PoolingOfSixtyThousandImagesInOneCall_Works(int channels)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var images = zeros(60_000, channels, 24, 24);
        images[59_999, channels - 1, 23, 23] = tensor(1f);
        var pooled = new MaxPool2x2().call(images);
        Assert.Equal([60_000, channels, 12, 12], pooled.shape);
        Assert.Equal(1, pooled[59_999, channels - 1, 11, 11].item<float>());
        Assert.Equal(1, pooled.sum().item<float>());
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void JacobianPenalty_ThroughHiddenStates_ReachesTheWeights(int hidden)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceModels.Gru(new RecurrentOptions { HiddenSize = hidden, Seed = 1 });
        Tensor Penalty(Func<Tensor, Tensor> states)
        {
            var input = rand([2, 5, 28], generator: new Generator(1)).requires_grad_();
            var jacobian = autograd.grad([states(input).sum()], [input], retain_graph: true, create_graph: true)[0];
            Tensor[] weights = [.. model.Layers.parameters().Take(2)];
            return cat([.. autograd.grad([jacobian.pow(2).sum()], weights).Select(gradient => gradient.flatten())]);
        }

        var penalty = Penalty(model.HiddenStates);
        Assert.True(penalty.abs().max().item<float>() > 0);
        TensorAssert.Close(Penalty(input => RecurrentLayers.Run(model.Layers, input).Outputs), penalty, 1e-5, "gradient");
    }

    private static (nn.Module Module, FastRecurrentLayer Layer) Recurrent(int hidden)
    {
        var options = new RecurrentOptions { HiddenSize = hidden };
        var module = RecurrentLayers.Create(RecurrentCell.Lstm, options);
        return (module, KernelSelection.RecurrentLayerAnywhere(module, RecurrentCell.Lstm, options)!);
    }

    private static FastConvolutions Convolutions(Action<Conv2d> change, LeNetOptions? options = null)
    {
        options ??= new LeNetOptions();
        var first = nn.Conv2d(options.InputChannels, options.Conv1Channels, options.KernelSize);
        change(first);
        return KernelSelection.ConvolutionsAnywhere(
            options,
            first,
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(options.Conv1Channels, options.Conv2Channels, options.KernelSize),
            nn.ReLU(),
            nn.MaxPool2d(2)
        )!;
    }
}
