using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>A recurrent network unrolled over a batch of sequences; see <see cref="IRecurrentModel.Unroll(Tensor)"/>.</summary>
public sealed record UnrolledNetwork
{
    /// <summary>For each layer, from the one next to the input, its steps in the order of time: <c>Layers[layer][step]</c>.
    /// Of a layer with two directions these are the steps of the forward one.</summary>
    public required IReadOnlyList<IReadOnlyList<RecurrentStep>> Layers { get; init; }

    /// <summary>The class scores before the softmax, <c>[batch, classes]</c>.</summary>
    public required Tensor Scores { get; init; }
}
