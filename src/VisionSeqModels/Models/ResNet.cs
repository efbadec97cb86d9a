using System.Globalization;
using TorchSharp.Modules;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Models;

/// <summary>A residual network of two-layer blocks: a stem, stages of blocks, the mean over all pixels, and a linear layer. Made
/// by <see cref="VisionModels.ResNet"/>.</summary>
/// <remarks><para>Parameters have torchvision's names: <c>conv1.weight</c>, <c>bn1.weight</c>, <c>layer1.0.conv1.weight</c>,
/// <c>layer2.0.downsample.0.weight</c>, <c>fc.weight</c> and so on; <c>layer1</c> is the first stage. Every operation but the
/// sum of a block is a module that runs by <c>call</c>, so that hooks see it; a block's <c>relu</c> runs twice.</para>
/// <para>Convolutions begin with normal weights of variance 2 / (outputs × kernel area), batch normalisations with weight 1
/// and bias 0, the linear layer as PyTorch's. Whoever builds the model disposes it.</para></remarks>
public sealed class ResNet : Module<Tensor, Tensor>, IConfiguredModel
{
    // TorchSharp registers fields under their own names: these are the names in checkpoints.
#pragma warning disable IDE1006
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly ReLU relu = ReLU();
    private readonly MaxPool2d? maxpool;
    private readonly AdaptiveAvgPool2d avgpool = AdaptiveAvgPool2d(1);
    private readonly Linear fc;
#pragma warning restore IDE1006
    private readonly List<ResNetStage> _stages = [];

    internal ResNet(ResNetOptions options)
        : base(nameof(ResNet))
    {
        Options = options;
        bool isLarge = options.Stem == ResNetStem.Large;
        int channels = options.Widths[0];
        conv1 = isLarge
            ? Conv2d(options.InputChannels, channels, 7, stride: 2, padding: 3, bias: false)
            : Conv2d(options.InputChannels, channels, 3, padding: 1, bias: false);
        bn1 = BatchNorm2d(channels);
        maxpool = isLarge ? MaxPool2d(3, stride: 2, padding: 1) : null;
        foreach (var (blocks, width) in options.BlockCounts.Zip(options.Widths))
        {
            int stride = _stages.Count == 0 ? 1 : 2;
            _stages.Add(new ResNetStage(blocks, channels, width, stride, options.Shortcut));
            channels = width;
        }

        fc = Linear(channels, options.OutputCount);
        Register();
        Initialize();
    }

    /// <summary>The sizes the model was built with.</summary>
    public ResNetOptions Options { get; }

    object IConfiguredModel.Options => Options;

    IReadOnlyList<long> IConfiguredModel.InputShape => [1, Options.InputChannels, Options.ImageHeight, Options.ImageWidth];

    ModelOutput IConfiguredModel.Output => Options.Output;

    /// <summary>Computes class scores (logits, before softmax), or the real outputs or label scores that the options ask
    /// for.</summary>
    /// <param name="input">Images, <c>[batch, channels, height, width]</c>, float32, normalised; any height and width.</param>
    /// <returns>Outputs, <c>[batch, outputs]</c>, float32; they belong to the current dispose scope, else to the
    /// caller.</returns>
    /// <exception cref="ShapeMismatchException">The images do not have the channels that the model was built for.</exception>
    /// <exception cref="ArgumentException">The images have another dtype than the weights.</exception>
    public override Tensor forward(Tensor input)
    {
        CheckShape(input);
        InputDtype.Check(nameof(ResNet), [conv1.weight], input);
        using var scope = NewDisposeScope();
        var maps = relu.call(bn1.call(conv1.call(input)));
        maps = maxpool is null ? maps : maxpool.call(maps);
        maps = _stages.Aggregate(maps, (before, stage) => stage.call(before));
        return fc.call(avgpool.call(maps).flatten(1)).MoveToOuterDisposeScope();
    }

    /// <summary>In the order in which they run, as torchvision lists them.</summary>
    private void Register()
    {
        register_module(nameof(conv1), conv1);
        register_module(nameof(bn1), bn1);
        register_module(nameof(relu), relu);
        if (maxpool is not null)
        {
            register_module(nameof(maxpool), maxpool);
        }

        for (int i = 0; i < _stages.Count; i++)
        {
            register_module(string.Create(CultureInfo.InvariantCulture, $"layer{i + 1}"), _stages[i]);
        }

        register_module(nameof(avgpool), avgpool);
        register_module(nameof(fc), fc);
    }

    private void Initialize()
    {
        foreach (var convolution in modules().OfType<Conv2d>())
        {
            init.kaiming_normal_(convolution.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        }
    }

    private void CheckShape(Tensor input)
    {
        if (input.dim() == 4 && input.size(1) == Options.InputChannels && input.numel() > 0)
        {
            return;
        }

        string advice =
            PixelOrder.IsReversed(input.shape) && input.dim() == 4 && input.size(3) == Options.InputChannels
                ? $"It wants {PixelOrder.Advice(input.shape)}."
                : "Build it with ResNetOptions { InputChannels } that fits the data, or reshape the images.";
        throw new ShapeMismatchException(
            $"ResNet expects images of shape [batch, {Options.InputChannels}, height, width] but received {Shape.Of(input)}. "
                + advice
        );
    }
}
