using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>What the recurrent views (<c>RecurrentTrace</c>, <c>GradientFlow</c>, <c>PrefixAccuracy</c>) need to know of a
/// model. <see cref="Models.RecurrentClassifier"/> has it; implement it in a <c>Module&lt;Tensor, Tensor&gt;</c> of your
/// own.</summary>
/// <remarks>For every input <c>forward(input)</c>, <c>Classify(ToSequence(input))</c> and
/// <c>Unroll(ToSequence(input)).Scores</c> are the same scores in evaluation mode, up to rounding. Tensors that a member
/// creates belong to the dispose scope of the caller.</remarks>
public interface IRecurrentModel
{
    /// <summary>The kind of cell, as a picture's title names it, for example <c>LSTM</c>.</summary>
    string CellName { get; }

    /// <summary>How many recurrent layers there are, at least 1; default 1. <see cref="Unroll(Tensor)"/> returns as
    /// many.</summary>
    int LayerCount => 1;

    /// <summary>Turns an input of the model into the sequence that its cells read; default: the input is one
    /// already.</summary>
    /// <param name="input">What <c>forward</c> takes, with its batch, on the model's device.</param>
    /// <returns>The sequence, <c>[batch, time, features]</c>.</returns>
    Tensor ToSequence(Tensor input) => input;

    /// <summary>Computes the class scores of a sequence of any length from 1; default: by <see cref="Unroll(Tensor)"/>.</summary>
    /// <param name="sequence"><c>[batch, time, features]</c>, as <see cref="ToSequence"/> returns it.</param>
    /// <returns>Scores before the softmax, <c>[batch, classes]</c>.</returns>
    Tensor Classify(Tensor sequence) => Unroll(sequence).Scores;

    /// <summary>Runs the network step by step and returns every state, so that each can be drawn and has a
    /// gradient.</summary>
    /// <remarks>Where gradients are enabled the scores must depend on the very tensors in
    /// <see cref="RecurrentStep.Hidden"/>. A fused operation such as <c>nn.GRU</c> over the whole sequence does not have
    /// them: use cells, or <see cref="UnrolledLayers.Of"/>, which does it for <c>nn.RNN</c>, <c>nn.LSTM</c> and
    /// <c>nn.GRU</c>.</remarks>
    /// <param name="sequence"><c>[batch, time, features]</c>, as <see cref="ToSequence"/> returns it.</param>
    UnrolledNetwork Unroll(Tensor sequence);

    /// <summary>Computes the class scores of sequences of several lengths; default: by
    /// <see cref="Unroll(Tensor, Tensor)"/>.</summary>
    /// <param name="sequence"><c>[batch, time, features]</c>, as <see cref="ToSequence"/> returns it.</param>
    /// <param name="lengths">How many steps of each sequence count, <c>[batch]</c>, int64, on the CPU.</param>
    /// <returns>Scores before the softmax, <c>[batch, classes]</c>.</returns>
    Tensor Classify(Tensor sequence, Tensor lengths) => Unroll(sequence, lengths).Scores;

    /// <summary>Runs the network step by step over sequences of several lengths; default: it is refused.</summary>
    /// <remarks>What stands after a sequence's end has no influence on the scores. States after it are not read.</remarks>
    /// <param name="sequence"><c>[batch, time, features]</c>, as <see cref="ToSequence"/> returns it.</param>
    /// <param name="lengths">How many steps of each sequence count, <c>[batch]</c>, int64, on the CPU.</param>
    /// <exception cref="NotSupportedException">The model does not implement it.</exception>
    UnrolledNetwork Unroll(Tensor sequence, Tensor lengths) =>
        throw new NotSupportedException(
            $"{GetType().Name} does not unroll sequences of several lengths. Implement IRecurrentModel.Unroll(sequence, "
                + "lengths), or give sequences of one length."
        );
}
