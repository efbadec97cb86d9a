using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>A LeNet's two convolutions with ReLU and max pooling, computed by a <see cref="ConvolutionPass"/> where
/// <see cref="Supports"/> allows it. Values and gradients equal those of libtorch's modules up to rounding.</summary>
internal sealed class FastConvolutions
{
    private readonly nn.Module<Tensor, Tensor>[] _modules;
    private readonly Conv2d[] _convolutions;
    private readonly HookWatch[] _hooks;
    private readonly long[] _inputShape; // of an image
    private readonly long[][] _shapes; // of weights and biases

    /// <summary>Computes in place of these modules.</summary>
    /// <param name="first">The first stage.</param>
    /// <param name="secondKernels">How many kernels the second convolution has.</param>
    /// <param name="modules">Convolution, ReLU and 2×2 max pooling, twice.</param>
    public FastConvolutions(ConvolutionShape first, int secondKernels, nn.Module<Tensor, Tensor>[] modules)
    {
        _modules = modules;
        _hooks = [.. modules.Select(module => new HookWatch(module))];
        _convolutions = [.. modules.OfType<Conv2d>()];
        Pass = new ConvolutionPass(
            first,
            new ConvolutionShape(first.Kernels, first.PooledHeight, first.PooledWidth, secondKernels, first.Side)
        );
        _inputShape = [first.Channels, first.Height, first.Width];
        _shapes =
        [
            [first.Kernels, first.Channels, first.Side, first.Side],
            [first.Kernels],
            [secondKernels, first.Kernels, first.Side, first.Side],
            [secondKernels],
        ];
    }

    public ConvolutionPass Pass { get; }

    /// <summary>Whether the images <c>[batch, channels, height, width]</c> can be computed here; Kernels/README.md lists the
    /// conditions.</summary>
    public bool Supports(Tensor images) =>
        TensorMemory.IsFloatOnCpu(images)
        && images.dim() == 4
        && images.size(0) > 0
        && images.shape.AsSpan(1).SequenceEqual(_inputShape)
        && !images.requires_grad
        && !Weights().Where((weight, i) => !TensorMemory.IsWeight(weight, _shapes[i])).Any()
        && !Array.Exists(_hooks, hooks => hooks.IsHooked)
        && Pass.Supports(images.size(0))
        && OpenMP.IsBeneficial;

    /// <summary>The second pooling's output, flat: <c>[batch, channels × height × width]</c>; it belongs to the current
    /// dispose scope.</summary>
    public Tensor Run(Tensor images)
    {
        var whole = images.contiguous();
        Tensor[] weights = [.. Weights().Select(weight => weight!)];
        return is_grad_enabled()
            ? ConvolutionFunction.apply([this, whole, .. weights])
            : Pass.Forward(whole, weights, ConvolutionPass.Threads(whole.size(0)), keep: false).Output;
    }

    private static Tensor Libtorch(Tensor values, nn.Module<Tensor, Tensor> module) =>
        module is MaxPool2x2 ? nn.functional.max_pool2d(values, MaxPool2x2.BlockSize) : module.call(values);

    /// <summary>Weights and biases of both convolutions; moving a module replaces them.</summary>
    private Tensor?[] Weights() =>
        [_convolutions[0].weight, _convolutions[0].bias, _convolutions[1].weight, _convolutions[1].bias];

    /// <summary>The gradients by libtorch's own operations, for gradients of gradients.</summary>
    /// <remarks>No autograd function of the library may take part: TorchSharp's <c>autograd.grad</c> ends the process where a
    /// backward pass fails.</remarks>
    public Tensor?[] Differentiable(Tensor gradient, Tensor[] inputs)
    {
        var output = _modules.Aggregate(inputs[0], Libtorch).flatten(1);
        return GraphGradients.Of(output, gradient, inputs)[1..];
    }
}
