using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Gradients that cannot end the process.</summary>
/// <remarks>TorchSharp's <c>autograd.grad</c> lets libtorch's exceptions out of native code, which ends the process: where the
/// output has no graph, where an input is not reached, where a saved tensor was changed. Its <c>autograd.backward</c> with
/// inputs turns each of them into an ordinary exception, and leaves the gradients of all other tensors alone.</remarks>
internal static class SafeGradients
{
    /// <summary>The gradient of an output with respect to each of some tensors; null for one that does not lead to it. They
    /// belong to the current dispose scope.</summary>
    /// <param name="output">The output.</param>
    /// <param name="seed">Its gradient, of its shape; null where it is a scalar.</param>
    /// <param name="at">Leaves or results within the graph; their own <c>grad</c> is null afterwards.</param>
    /// <exception cref="ExternalException">A tensor that the backward pass needs was changed in place.</exception>
    public static Tensor?[] Of(Tensor output, Tensor? seed, params IReadOnlyList<Tensor> at)
    {
        Tensor[] reachable = [.. at.Where(tensor => tensor.requires_grad)];
        if (!output.requires_grad || reachable.Length == 0)
        {
            return new Tensor?[at.Count];
        }

        Clear(reachable);
        autograd.backward([output], seed is null ? null : [seed], retain_graph: true, create_graph: false, inputs: reachable);
        Tensor?[] gradients = [.. at.Select(tensor => tensor.requires_grad ? tensor.grad?.alias() : null)];
        Clear(reachable);
        return gradients;
    }

    private static void Clear(Tensor[] tensors)
    {
        foreach (var tensor in tensors)
        {
            tensor.grad = null;
        }
    }
}
