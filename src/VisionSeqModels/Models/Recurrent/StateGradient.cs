using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>The gradient of a layer's state on its way back in time: what later steps hand down, and what comes from outside at each step.</summary>
/// <param name="gradient">From outside: <c>[time, batch, hidden]</c>, or <c>[batch, hidden]</c> where only the last state was used.</param>
internal sealed class StateGradient(Tensor gradient)
{
    private readonly Tensor[]? _steps = gradient.dim() == 3 ? gradient.unbind(0) : null;

    /// <summary>Of the state at hand, <c>[batch, hidden]</c>, contiguous; it may be overwritten.</summary>
    public Tensor Current { get; } = Copy(gradient.dim() == 3 ? gradient[-1] : gradient);

    /// <summary>Adds what comes from outside at a step.</summary>
    public void Add(int step)
    {
        if (_steps is not null)
        {
            Current.add_(_steps[step]);
        }
    }

    private static Tensor Copy(Tensor last) => empty(last.shape).copy_(last);
}
