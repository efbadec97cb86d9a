using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>What one recurrent layer computes at one step, for a batch of sequences.</summary>
/// <remarks>The tensors belong to the dispose scope in which the network was unrolled.</remarks>
public sealed record RecurrentStep
{
    /// <summary>The hidden state after the step, <c>[batch, units]</c>.</summary>
    public required Tensor Hidden { get; init; }

    /// <summary>The cell state after the step, <c>[batch, units]</c>; null (default) for a cell without one.</summary>
    public Tensor? Cell { get; init; }

    /// <summary>The gates by name, each <c>[batch, units]</c>, the same names at every step; default none. A gate named
    /// <c>candidate</c> lies in −1..1, every other one in 0..1: pictures have these scales.</summary>
    public IReadOnlyDictionary<string, Tensor> Gates { get; init; } = new Dictionary<string, Tensor>();
}
