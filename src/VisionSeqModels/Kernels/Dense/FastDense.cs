using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>Linear layers, with ReLU between them, for a single input without gradients. Each call of libtorch costs more there
/// than its arithmetic. Values equal those of the modules up to rounding.</summary>
internal sealed unsafe class FastDense
{
    /// <summary>The widest layer that is taken: its values lie on the stack.</summary>
    public const int Widest = 4096;

    private readonly Linear[] _layers;
    private readonly long[][] _weightShapes;
    private readonly long[][] _biasShapes;
    private readonly HookWatch[] _hooks;

    /// <summary>Computes in place of these modules.</summary>
    /// <param name="modules">Linear layers, each but the last followed by ReLU.</param>
    public FastDense(params nn.Module<Tensor, Tensor>[] modules)
    {
        _layers = [.. modules.OfType<Linear>()];
        _weightShapes = [.. _layers.Select(layer => layer.weight!.shape)];
        _biasShapes = [.. _weightShapes.Select(shape => (long[])[shape[0]])];
        _hooks = [.. modules.Select(module => new HookWatch(module))];
    }

    /// <summary>Whether the values <c>[1, features]</c> can be computed here; Kernels/README.md lists the conditions.</summary>
    public bool Supports(Tensor values)
    {
        if (
            is_grad_enabled()
            || !TensorMemory.IsWeight(values, [1, _weightShapes[0][1]])
            || Array.Exists(_hooks, hooks => hooks.IsHooked)
            || _weightShapes[0][1] == 0
        )
        {
            return false;
        }

        for (int i = 0; i < _layers.Length; i++)
        {
            bool isKnown =
                _weightShapes[i][0] <= Widest
                && TensorMemory.IsWeight(_layers[i].weight, _weightShapes[i])
                && TensorMemory.IsWeight(_layers[i].bias, _biasShapes[i]);
            if (!isKnown)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The last layer's outputs, <c>[1, outputs]</c>; they belong to the current dispose scope.</summary>
    public Tensor Run(Tensor values) => Run(values, Weights());

    private Tensor[] Weights()
    {
        var weights = new Tensor[2 * _layers.Length];
        for (int i = 0; i < _layers.Length; i++)
        {
            (weights[2 * i], weights[(2 * i) + 1]) = (_layers[i].weight!, _layers[i].bias!);
        }

        return weights;
    }

    /// <summary>The same by these weights and biases, one after the other.</summary>
    public static Tensor Run(Tensor values, Tensor[] weights)
    {
        var result = TensorMemory.Empty(1, weights[^1].size(0));
        float* one = stackalloc float[Widest];
        float* other = stackalloc float[Widest];
        int inputs = (int)values.size(1);
        float* from = TensorMemory.Pointer(values, inputs);
        for (int i = 0; i < weights.Length; i += 2)
        {
            bool isLast = i == weights.Length - 2;
            int outputs = (int)weights[i].size(0);
            float* to =
                isLast ? TensorMemory.Pointer(result, outputs)
                : i % 4 == 0 ? one
                : other;
            float* matrix = TensorMemory.Pointer(weights[i], (long)outputs * inputs);
            DenseKernel.Run(from, inputs, matrix, TensorMemory.Pointer(weights[i + 1], outputs), outputs, to, isRelu: !isLast);
            from = to;
            inputs = outputs;
        }

        GC.KeepAlive(values);
        GC.KeepAlive(weights);
        return result;
    }
}
