using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Models;

/// <summary>A residual block of two 3×3 convolutions, with torchvision's names: the second ReLU acts on the sum of the
/// convolutions' result and the shortcut.</summary>
internal sealed class BasicBlock : Module<Tensor, Tensor>
{
    // TorchSharp registers fields under their own names: these are the names in checkpoints.
#pragma warning disable IDE1006
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly ReLU relu = ReLU(); // runs twice
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Module<Tensor, Tensor>? downsample;
#pragma warning restore IDE1006

    /// <param name="inputs">Channels of its input.</param>
    /// <param name="outputs">Channels of its output.</param>
    /// <param name="stride">By how much it divides height and width.</param>
    /// <param name="shortcut">The shortcut where the sizes differ.</param>
    public BasicBlock(int inputs, int outputs, int stride, ResNetShortcut shortcut)
        : base(nameof(BasicBlock))
    {
        downsample = // torchvision makes it first, so that equal seeds give equal weights
            stride == 1 && inputs == outputs ? null
            : shortcut == ResNetShortcut.Projection ? new ProjectionShortcut(inputs, outputs, stride)
            : new PaddedShortcut(inputs, outputs, stride);
        conv1 = Conv2d(inputs, outputs, 3, stride, padding: 1, bias: false);
        bn1 = BatchNorm2d(outputs);
        conv2 = Conv2d(outputs, outputs, 3, padding: 1, bias: false);
        bn2 = BatchNorm2d(outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var output = relu.call(bn1.call(conv1.call(input)));
        output = bn2.call(conv2.call(output));
        return relu.call(output.Plus(downsample is null ? input : downsample.call(input))).MoveToOuterDisposeScope();
    }
}
