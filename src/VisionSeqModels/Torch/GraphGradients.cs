using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Gradients that have a graph of their own, for gradients of gradients.</summary>
internal static class GraphGradients
{
    /// <summary>The gradient of each input that requires one; null for the others.</summary>
    /// <param name="output">libtorch's result for the inputs.</param>
    /// <param name="gradient">The gradient of the output.</param>
    /// <param name="inputs">At least one requires gradients, and the output depends on each that does.</param>
    public static Tensor?[] Of(Tensor output, Tensor gradient, Tensor[] inputs)
    {
        Tensor[] wanted = [.. inputs.Where(input => input.requires_grad)];
        var found = new Queue<Tensor>(autograd.grad([output], wanted, [gradient], retain_graph: true, create_graph: true));
        return [.. inputs.Select(input => input.requires_grad ? found.Dequeue() : null)];
    }
}
