using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>The steps of one recurrent layer on the CPU, float32, forwards and backwards in time. Gates lie side by side in PyTorch's order.</summary>
internal interface IRecurrentKernel
{
    /// <summary>Whether the state's bias is added to the input's share at once, rather than at each step.</summary>
    bool AddsBiasesTogether { get; }

    /// <summary>All steps, from states of zero.</summary>
    /// <param name="gates">What the input gives to the gates, <c>[time, batch, gates × hidden]</c>; overwritten.</param>
    /// <param name="weight"><c>weight_hh</c>, <c>[gates × hidden, hidden]</c>.</param>
    /// <param name="bias"><c>bias_hh</c>, <c>[gates × hidden]</c>.</param>
    /// <returns>The states <c>[time, batch, hidden]</c>, and what the way back needs besides; they belong to the current dispose scope.</returns>
    (Tensor States, Tensor[] Saved) Forward(Tensor gates, Tensor weight, Tensor bias);

    /// <summary>All steps back.</summary>
    /// <param name="gradient">The gradient of every state, <c>[time, batch, hidden]</c>, with any strides; or of the last state alone, <c>[batch, hidden]</c>.</param>
    /// <param name="states">What <see cref="Forward"/> gave.</param>
    /// <param name="saved">What <see cref="Forward"/> gave.</param>
    /// <param name="weight"><c>weight_hh</c>.</param>
    /// <returns>The gradients of what the input, and of what the state, gave to the gates, <c>[time, batch, gates × hidden]</c>; they belong to the current dispose scope.</returns>
    (Tensor FromInput, Tensor FromState) Backward(Tensor gradient, Tensor states, Tensor[] saved, Tensor weight);
}
