using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Gradients that have a graph of their own, for gradients of gradients.</summary>
/// <remarks>They come from a backward pass within the backward pass. It runs by <c>autograd.backward</c>, which turns failures
/// into exceptions, as TorchSharp's <c>autograd.grad</c> does not; libtorch warns once of a reference cycle, which is cut
/// here.</remarks>
internal static class GraphGradients
{
    /// <summary>The gradient of each input that requires one; null for the others.</summary>
    /// <param name="compute">Computes the output from the inputs by libtorch's operations alone. It depends on each that
    /// requires gradients, and at least one does.</param>
    /// <param name="gradient">The gradient of the output.</param>
    /// <param name="inputs">The inputs.</param>
    public static Tensor?[] Of(Func<Tensor[], Tensor> compute, Tensor gradient, Tensor[] inputs)
    {
        FaultInjection.Pass(nameof(GraphGradients));

        // aliases, so that nothing is added to the gradients of the inputs themselves
        Tensor[] aliases = [.. inputs.Select(input => input.requires_grad ? input.view_as(input) : input)];
        Tensor[] wanted = [.. aliases.Where((_, i) => inputs[i].requires_grad)];
        var output = compute(aliases);
        FaultInjection.Pass(nameof(autograd.backward));
        autograd.backward([output], [gradient], retain_graph: true, create_graph: true, inputs: wanted);
        FaultInjection.Pass(nameof(Take));
        return [.. aliases.Select((alias, i) => inputs[i].requires_grad ? Take(alias) : null)];
    }

    private static Tensor? Take(Tensor alias)
    {
        var gradient = alias.grad;
        alias.grad = null; // its graph refers to the alias
        return gradient;
    }
}
