using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Gradients that are part of a graph themselves, for whoever wants the gradients' own gradients.</summary>
internal static class GraphGradients
{
    /// <summary>The gradients of those inputs that ask for one, null for the others.</summary>
    /// <param name="output">What libtorch made of the inputs.</param>
    /// <param name="gradient">Of the output.</param>
    /// <param name="inputs">At least one asks for gradients, and the output depends on each that does.</param>
    public static Tensor?[] Of(Tensor output, Tensor gradient, Tensor[] inputs)
    {
        Tensor[] wanted = [.. inputs.Where(input => input.requires_grad)];
        var found = new Queue<Tensor>(autograd.grad([output], wanted, [gradient], retain_graph: true, create_graph: true));
        return [.. inputs.Select(input => input.requires_grad ? found.Dequeue() : null)];
    }
}
