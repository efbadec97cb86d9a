using System.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Runtime;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>
/// The two convolutions of a <see cref="LeNet"/> with their rectifiers and poolings, computed by a <see cref="ConvolutionPass"/> where that can be done: float32 on the CPU, no gradient of the images
/// wanted, and nobody who listens to the modules' calls. Values and gradients are those of libtorch's modules to rounding.
/// </summary>
internal sealed class FastConvolutions
{
    private readonly nn.Module<Tensor, Tensor>[] _modules;
    private readonly Conv2d[] _convolutions;
    private readonly HookWatch[] _hooks;

    private FastConvolutions(nn.Module<Tensor, Tensor>[] modules, LeNetOptions options)
    {
        _modules = modules;
        _hooks = [.. modules.Select(module => new HookWatch(module))];
        _convolutions = [.. modules.OfType<Conv2d>()];
        var first = new ConvolutionShape(options.InputChannels, options.ImageHeight, options.ImageWidth, options.Conv1Channels, options.KernelSize);
        Pass = new ConvolutionPass(first, new ConvolutionShape(first.Kernels, first.PooledHeight, first.PooledWidth, options.Conv2Channels, options.KernelSize));
    }

    public ConvolutionPass Pass { get; }

    /// <summary>The modules of a LeNet in their order, or null where it has another function than the rectifier, or another pooling than by the largest.</summary>
    public static FastConvolutions? Of(LeNetOptions options, params nn.Module<Tensor, Tensor>[] modules) =>
        options.Activation == ActivationFunction.ReLU && options.Pooling == PoolingMode.Max && Vector.IsHardwareAccelerated ? new FastConvolutions(modules, options) : null;

    /// <summary>Whether the images <c>[batch, channels, height, width]</c> can be computed here.</summary>
    public bool Takes(Tensor images) =>
        TensorMemory.IsFloatOnCpu(images) && images.numel() > 0 && !images.requires_grad &&
        Array.TrueForAll(_convolutions, layer => TensorMemory.IsFloatOnCpu(layer.weight) && layer.weight.is_contiguous()) && !Array.Exists(_hooks, hooks => hooks.IsHooked) && Pass.Takes(images.size(0)) && OpenMP.IsEnough;

    /// <summary>What the second pooling gives, flat: <c>[batch, channels × height × width]</c>; it belongs to the current dispose scope.</summary>
    public Tensor Run(Tensor images)
    {
        var whole = images.contiguous();
        Tensor[] weights = [_convolutions[0].weight, _convolutions[0].bias!, _convolutions[1].weight, _convolutions[1].bias!]; // asked for each time: a module that moves has others
        return is_grad_enabled() ? ConvolutionFunction.apply([this, whole, .. weights]) : Pass.Forward(whole, weights, keep: false).Output;
    }

    /// <summary>The gradients by libtorch's own modules, for whoever wants the gradients' own gradients.</summary>
    public Tensor?[] Differentiable(Tensor gradient, Tensor[] inputs)
    {
        var output = _modules.Aggregate(inputs[0], (values, module) => module.call(values)).flatten(1);
        return GraphGradients.Of(output, gradient, inputs)[1..];
    }
}
