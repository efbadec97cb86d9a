using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>A recurrent module of one layer and one direction, computed by a <see cref="RecurrentKernel"/> where
/// <see cref="Supports"/> allows it. Values and gradients equal those of libtorch's module up to rounding.</summary>
internal sealed class FastRecurrentLayer
{
    /// <summary>The weights in the order in which they are passed on.</summary>
    public static readonly string[] WeightNames = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"];

    private readonly Func<Tensor[], Tensor> _outputs;
    private readonly Tensor[] _weights;
    private readonly long[][] _shapes;
    private readonly HookWatch _hooks;

    /// <summary>Computes in place of a module of one layer and one direction.</summary>
    /// <param name="module">libtorch's RNN, LSTM or GRU.</param>
    /// <param name="kernel">The kernel of the same kind.</param>
    /// <param name="outputs">The outputs <c>[batch, time, hidden]</c> of a sequence and four weights, by libtorch's
    /// operations.</param>
    public FastRecurrentLayer(nn.Module module, RecurrentKernel kernel, Func<Tensor[], Tensor> outputs)
    {
        _outputs = outputs;
        Kernel = kernel;
        _hooks = new HookWatch(module);
        var weights = module
            .named_parameters()
            .ToDictionary(entry => entry.name, entry => entry.parameter, StringComparer.Ordinal);
        _weights = [.. WeightNames.Select(name => weights[name])];
        _shapes = [.. _weights.Select(weight => weight.shape)];
    }

    public RecurrentKernel Kernel { get; }

    /// <summary>Whether the sequence is to be computed here: it can be, and <see cref="KernelRule"/> says that it is
    /// faster.</summary>
    public bool IsChosen(Tensor sequence) =>
        KernelRule.TakesRecurrentLayer(Kernel, _shapes[1][1], sequence.size(0), is_grad_enabled()) && Supports(sequence);

    /// <summary>Whether the sequence <c>[batch, time, features]</c> can be computed here; Kernels/README.md lists the
    /// conditions.</summary>
    public bool Supports(Tensor sequence) =>
        TensorMemory.IsFloatOnCpu(sequence)
        && sequence.dim() == 3
        && sequence.numel() > 0
        && sequence.size(2) == _shapes[0][1]
        && !_weights.Where((weight, i) => !TensorMemory.IsWeight(weight, _shapes[i])).Any()
        && !_hooks.IsHooked
        && OpenMP.IsBeneficial
        && Fits(new RecurrentSizes(Kernel, sequence.size(0), sequence.size(1), sequence.size(2), _shapes[1][1]));

    /// <summary>The states <c>[batch, time, hidden]</c>, or the last alone, <c>[batch, hidden]</c>; it belongs to the
    /// current dispose scope.</summary>
    public Tensor Run(Tensor sequence, bool lastOnly) =>
        is_grad_enabled()
            ? RecurrentFunction.Call([this, lastOnly, sequence, .. _weights])
            : RecurrentPass.Forward(Kernel, sequence, _weights, lastOnly).Output;

    private static bool Fits(RecurrentSizes sizes) => sizes.Fit(OpenMP.Threads(sizes.Blocks));

    /// <summary>The gradients by libtorch's own operations, for gradients of gradients.</summary>
    /// <param name="gradient">The gradient of <see cref="Run"/>'s output.</param>
    /// <param name="inputs">The sequence and weights that <see cref="Run"/> had.</param>
    public Tensor?[] Differentiable(Tensor gradient, Tensor[] inputs) =>
        GraphGradients.Of(tensors => gradient.dim() == 3 ? _outputs(tensors) : _outputs(tensors).select(1, -1), gradient, inputs);
}
