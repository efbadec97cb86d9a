using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Models;

/// <summary>Option B: a 1×1 convolution (<c>0</c>) and batch normalisation (<c>1</c>).</summary>
internal sealed class ProjectionShortcut : Module<Tensor, Tensor>
{
    private readonly Conv2d _convolution;
    private readonly BatchNorm2d _norm;

    public ProjectionShortcut(int inputs, int outputs, int stride)
        : base(nameof(ProjectionShortcut))
    {
        _convolution = Conv2d(inputs, outputs, 1, stride, bias: false);
        _norm = BatchNorm2d(outputs);
        register_module("0", _convolution);
        register_module("1", _norm);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _norm.call(_convolution.call(input)).MoveToOuterDisposeScope();
    }
}
