using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>A model that reads sequences of several lengths in one batch. <see cref="Models.RecurrentClassifier"/> is one;
/// implement it in a <c>Module&lt;Tensor, Tensor&gt;</c> of your own.</summary>
/// <remarks>Where a batch has <see cref="Data.Batch.Lengths"/>, a trainer and the views call this method instead of
/// <c>forward(input)</c>. Values after a sequence's end must have no influence on its outputs.</remarks>
public interface ISequenceModel
{
    /// <summary>Computes the outputs of sequences of several lengths.</summary>
    /// <param name="input">What <c>forward(input)</c> takes, each sequence padded to the longest with any values.</param>
    /// <param name="lengths">How many steps of each sequence count, <c>[batch]</c>, int64, on the CPU; at least 1, at most the
    /// steps there are.</param>
    /// <returns>The outputs; they belong to the current dispose scope, else to the caller.</returns>
#pragma warning disable IDE1006 // TorchSharp's own name
    Tensor forward(Tensor input, Tensor lengths);
#pragma warning restore IDE1006
}
