using VisionSeqModels.Kernels;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>The ways of the own kernels for few images and sequences have the bits of the ways for many.</summary>
[Collection("Torch")]
public sealed class FewInputsTests
{
    public static TheoryData<LeNetOptions> Shapes =>
        [
            new LeNetOptions(),
            new LeNetOptions
            {
                InputChannels = 1,
                ImageHeight = 28,
                ImageWidth = 28,
            },
            new LeNetOptions { KernelSize = 3 },
            new LeNetOptions
            {
                KernelSize = 1,
                ImageHeight = 4,
                ImageWidth = 4,
            },
            new LeNetOptions
            {
                KernelSize = 4,
                ImageHeight = 13,
                ImageWidth = 19,
            },
            new LeNetOptions
            {
                ImageHeight = 16,
                ImageWidth = 37,
                Conv1Channels = 1,
                Conv2Channels = 1,
            },
            new LeNetOptions
            {
                InputChannels = 5,
                Conv1Channels = 7,
                Conv2Channels = 11,
                ImageWidth = 50,
            },
        ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ImagesOneByOne_HaveTheBitsOfAGroup(LeNetOptions options)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = VisionModels.LeNet(options with { Seed = 1 });
        Tensor[] weights =
        [
            .. new[] { "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias" }.Select(name =>
                model.named_parameters().First(entry => entry.name == name).parameter
            ),
        ];
        var first = new ConvolutionShape(
            options.InputChannels,
            options.ImageHeight,
            options.ImageWidth,
            options.Conv1Channels,
            options.KernelSize
        );
        var pass = new ConvolutionPass(
            first,
            new(first.Kernels, first.PooledHeight, first.PooledWidth, options.Conv2Channels, first.Side)
        );
        var images = randn([9, options.InputChannels, options.ImageHeight, options.ImageWidth], generator: new Generator(2));
        images[3].fill_(0);
        images[4, 0, 1, 2] = float.NaN;
        var (kept, saved) = pass.Forward(images, weights, threads: 1, keep: true); // always in groups
        Assert.NotNull(saved);
        foreach (int count in new[] { 1, 2, 3, 4, 5, 9 })
        {
            var parts = images.split(count).Select(part => pass.Forward(part.contiguous(), weights, 1, keep: false).Output);
            TensorAssert.Identical(kept, cat([.. parts]), $"{count} images at once");
        }
    }

    [Theory]
    [InlineData(RecurrentCell.Rnn)]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void Sequences_HaveTheSameBits_HoweverManyThereAre(RecurrentCell cell)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var options = new RecurrentOptions { HiddenSize = 5 * PanelGemm.Panel, InputSize = 13 };
        using var module = RecurrentLayers.Create(cell, options);
        var layer = KernelSelection.RecurrentLayerAnywhere(module, cell, options)!;
        var sequences = randn([67, 9, 13], generator: new Generator(2));
        var all = layer.Run(sequences, lastOnly: false);
        foreach (int count in new[] { 1, 2, 3, 5, 6, 7, 8, 13 })
        {
            var parts = sequences.split(count).Select(part => layer.Run(part, lastOnly: false));
            TensorAssert.Identical(all, cat([.. parts]), $"{count} sequences at once");
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 0)]
    [InlineData(6, 1)]
    [InlineData(8, 0)]
    [InlineData(14, 1)]
    [InlineData(32, 4)]
    [InlineData(64, 10)]
    [InlineData(67, 11)]
    public void SixRows_LeaveBlocksOfFour(int rows, int times) => Assert.Equal(times, SixRows.Times(rows));
}
