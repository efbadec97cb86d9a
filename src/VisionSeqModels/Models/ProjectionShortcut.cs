using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Models;

/// <summary>Option B: a 1×1 convolution (<c>0</c>) and batch normalisation (<c>1</c>).</summary>
internal sealed class ProjectionShortcut : Module<Tensor, Tensor>
{
    // An array: TorchSharp would register a field of a module's type too, under its own name.
    private readonly Module<Tensor, Tensor>[] _layers;

    public ProjectionShortcut(int inputs, int outputs, int stride)
        : base(nameof(ProjectionShortcut))
    {
        _layers = [Conv2d(inputs, outputs, 1, stride, bias: false), BatchNorm2d(outputs)];
        register_module("0", _layers[0]);
        register_module("1", _layers[1]);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _layers[1].call(_layers[0].call(input)).MoveToOuterDisposeScope();
    }
}
