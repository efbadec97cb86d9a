using TorchSharp.Modules;
using VisionSeqModels.Data;
using VisionSeqModels.Kernels;
using VisionSeqModels.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Models;

/// <summary>
/// LeNet: convolution, activation, 2×2 pooling, twice; then two hidden layers and the class scores. Made by
/// <see cref="VisionModels.LeNet"/>.
/// </summary>
/// <remarks>
/// Parameters have PyTorch's names: <c>conv1</c>, <c>conv2</c>, <c>fc1</c>, <c>fc2</c>, <c>fc3</c>, each <c>.weight</c> and
/// <c>.bias</c>. The activations and poolings are modules (<c>activation1</c> to <c>activation4</c>, <c>pool1</c>,
/// <c>pool2</c>), so that hooks see them. Whoever builds the model disposes it.
/// </remarks>
public sealed class LeNet : Module<Tensor, Tensor>, IConfiguredModel
{
    // TorchSharp registers fields under their own names: these are the names in checkpoints.
#pragma warning disable IDE1006
    private readonly Conv2d conv1;
    private readonly Module<Tensor, Tensor> activation1;
    private readonly Module<Tensor, Tensor> pool1;
    private readonly Conv2d conv2;
    private readonly Module<Tensor, Tensor> activation2;
    private readonly Module<Tensor, Tensor> pool2;
    private readonly Linear fc1;
    private readonly Module<Tensor, Tensor> activation3;
    private readonly Linear fc2;
    private readonly Module<Tensor, Tensor> activation4;
    private readonly Linear fc3;
#pragma warning restore IDE1006
    private readonly FastConvolutions? _fast;
    private readonly FastDense? _dense;

    internal LeNet(LeNetOptions options)
        : base(nameof(LeNet))
    {
        Options = options;
        conv1 = Conv2d(options.InputChannels, options.Conv1Channels, options.KernelSize);
        activation1 = NewActivation(options);
        pool1 = NewPooling(options);
        conv2 = Conv2d(options.Conv1Channels, options.Conv2Channels, options.KernelSize);
        activation2 = NewActivation(options);
        pool2 = NewPooling(options);
        fc1 = Linear((long)options.Conv2Channels * options.FinalHeight * options.FinalWidth, options.Fc1Size);
        activation3 = NewActivation(options);
        fc2 = Linear(options.Fc1Size, options.Fc2Size);
        activation4 = NewActivation(options);
        fc3 = Linear(options.Fc2Size, options.OutputCount);
        RegisterComponents();
        _fast = KernelSelection.Convolutions(options, conv1, activation1, pool1, conv2, activation2, pool2);
        _dense = KernelSelection.Dense(fc1, activation3, fc2, activation4, fc3);
    }

    /// <summary>The sizes the model was built with.</summary>
    public LeNetOptions Options { get; }

    object IConfiguredModel.Options => Options;

    IReadOnlyList<long> IConfiguredModel.InputShape => [1, Options.InputChannels, Options.ImageHeight, Options.ImageWidth];

    ModelOutput IConfiguredModel.Output => Options.Output;

    /// <summary>Computes class scores (logits, before softmax), or the real outputs or label scores that the options ask
    /// for.</summary>
    /// <param name="input">Images, <c>[batch, channels, height, width]</c>, float32, normalised.</param>
    /// <returns>Outputs, <c>[batch, outputs]</c>, float32; they belong to the current dispose scope, else to the
    /// caller.</returns>
    /// <exception cref="ShapeMismatchException">The images do not have the shape that the model was built for.</exception>
    /// <exception cref="ArgumentException">The images have another dtype than the weights.</exception>
    public override Tensor forward(Tensor input)
    {
        CheckShape(input);
        InputDtype.Check(nameof(LeNet), [conv1.weight], input);
        using var scope = NewDisposeScope();
        var features = Features(input);
        if (_dense?.Supports(features) == true)
        {
            return _dense.Run(features).MoveToOuterDisposeScope();
        }

        var hidden = activation3.call(fc1.call(features));
        hidden = activation4.call(fc2.call(hidden));
        return fc3.call(hidden).MoveToOuterDisposeScope();
    }

    /// <summary>The second pooling's output, flat.</summary>
    private Tensor Features(Tensor input)
    {
        if (_fast?.IsChosen(input) == true)
        {
            return _fast.Run(input);
        }

        var features = pool1.call(activation1.call(conv1.call(input)));
        return pool2.call(activation2.call(conv2.call(features))).flatten(1);
    }

    private void CheckShape(Tensor input)
    {
        if (
            input.dim() != 4
            || input.size(1) != Options.InputChannels
            || input.size(2) != Options.ImageHeight
            || input.size(3) != Options.ImageWidth
        )
        {
            string advice =
                PixelOrder.IsReversed(input.shape) && input.dim() == 4 && input.size(3) == Options.InputChannels
                    ? $"It wants {PixelOrder.Advice(input.shape)}."
                    : "Build it with LeNetOptions { InputChannels, ImageHeight, ImageWidth } that fit the data, or reshape the "
                        + "images.";
            throw new ShapeMismatchException(
                $"LeNet expects images of shape [batch, {Options.InputChannels}, {Options.ImageHeight}, "
                    + $"{Options.ImageWidth}] but received {Shape.Of(input)}. {advice}"
            );
        }
    }

    private static Module<Tensor, Tensor> NewActivation(LeNetOptions options) =>
        options.Activation == ActivationFunction.ReLU ? ReLU() : Tanh();

    private static Module<Tensor, Tensor> NewPooling(LeNetOptions options) =>
        options.Pooling == PoolingMode.Max ? new MaxPool2x2() : AvgPool2d(2);
}
