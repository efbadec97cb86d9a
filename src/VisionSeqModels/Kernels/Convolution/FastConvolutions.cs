using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>A LeNet's two convolutions with ReLU and max pooling, computed by a <see cref="ConvolutionPass"/> where
/// <see cref="Supports"/> allows it. Values and gradients equal those of libtorch's modules up to rounding.</summary>
internal sealed class FastConvolutions
{
    private readonly Conv2d[] _convolutions;
    private readonly nn.Module<Tensor, Tensor>[] _modules;
    private readonly nn.Module<Tensor, Tensor>[] _activations;
    private readonly ConvolutionShape[] _stages;
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
        _activations = [.. modules.OfType<ReLU>()];
        _hooks = [.. modules.Select(module => new HookWatch(module))];
        _convolutions = [.. modules.OfType<Conv2d>()];
        _stages = [first, new(first.Kernels, first.PooledHeight, first.PooledWidth, secondKernels, first.Side)];
        Pass = new ConvolutionPass(_stages[0], _stages[1]);
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

    /// <summary>Whether the images are to be computed here: they can be, and <see cref="KernelRule"/> says that it is
    /// faster.</summary>
    public bool IsChosen(Tensor images) =>
        images.dim() == 4
        && KernelRule.TakesConvolutions(_stages[0], _stages[1], images.size(0), is_grad_enabled())
        && Supports(images);

    /// <summary>Whether the images <c>[batch, channels, height, width]</c> can be computed here; Kernels/README.md lists the
    /// conditions.</summary>
    public bool Supports(Tensor images) =>
        TensorMemory.IsFloatOnCpu(images)
        && images.dim() == 4
        && images.size(0) > 0
        && TensorMemory.HasShape(images, [images.size(0), .. _inputShape])
        && !images.requires_grad
        && !Weights().Where((weight, i) => !TensorMemory.IsWeight(weight, _shapes[i])).Any()
        && (!Array.Exists(_hooks, hooks => hooks.IsHooked) || CanShow(images.size(0)))
        && Pass.Supports(images.size(0))
        && OpenMP.IsBeneficial;

    /// <summary>The second pooling's output, flat: <c>[batch, channels × height × width]</c>; it belongs to the current
    /// dispose scope.</summary>
    public Tensor Run(Tensor images)
    {
        var whole = images.contiguous();
        Tensor[] weights = [.. Weights().Select(weight => weight!)];
        if (is_grad_enabled())
        {
            return ConvolutionFunction.Call([this, whole, .. weights]);
        }

        Tensor?[]? shown = Array.Exists(_activations, ModuleHooks.IsObserved)
            ? [.. _activations.Select((module, stage) => ModuleHooks.IsObserved(module) ? Room(stage, whole) : null)]
            : null;
        var (output, _) = Pass.Forward(whole, weights, ConvolutionPass.Threads(whole.size(0)), keep: false, shown);
        for (int stage = 0; stage < shown?.Length; stage++)
        {
            if (shown[stage] is Tensor activations)
            {
                ModuleHooks.Observe(_activations[stage], activations);
                activations.Dispose();
            }
        }

        return output;
    }

    /// <summary>Whether all hooks are of observers, and of ReLU modules whose values can be shown.</summary>
    private bool CanShow(long images) =>
        !is_grad_enabled()
        && _modules
            .Zip(_hooks)
            .All(pair =>
                !pair.Second.IsHooked
                || (_activations.Contains(pair.First) && ModuleHooks.HasOnlyObservers(pair.First, pair.Second))
            )
        && _stages.All(stage => stage.IsPooledWhole && stage.OutputSize <= TensorMemory.MaximumCount / images);

    private Tensor Room(int stage, Tensor images) =>
        TensorMemory.Empty(images.size(0), _stages[stage].Kernels, _stages[stage].OutputHeight, _stages[stage].OutputWidth);

    /// <summary>Weights and biases of both convolutions; moving a module replaces them.</summary>
    private Tensor?[] Weights() =>
        [_convolutions[0].weight, _convolutions[0].bias, _convolutions[1].weight, _convolutions[1].bias];

    /// <summary>The gradients of the weights by libtorch's own operations, for gradients of gradients.</summary>
    /// <param name="gradient">The gradient of <see cref="Run"/>'s output.</param>
    /// <param name="inputs">The images, weights and biases that <see cref="Run"/> had.</param>
    public static Tensor?[] Differentiable(Tensor gradient, Tensor[] inputs) =>
        GraphGradients.Of(
            tensors => Stage(Stage(tensors[0], tensors[1], tensors[2]), tensors[3], tensors[4]).flatten(1),
            gradient,
            inputs
        )[1..];

    private static Tensor Stage(Tensor input, Tensor weight, Tensor bias) =>
        nn.functional.max_pool2d(nn.functional.conv2d(input, weight, bias).relu(), MaxPool2x2.BlockSize);
}
