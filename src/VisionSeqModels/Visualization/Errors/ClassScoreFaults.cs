using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Scores from which no class can be predicted.</summary>
internal static class ClassScoreFaults
{
    /// <summary>Throws where a score is NaN: the largest of such scores is not defined.</summary>
    /// <exception cref="InvalidOperationException">There is one.</exception>
    public static void ThrowIfNaN(Tensor scores, string source)
    {
        using var scope = NewDisposeScope();
        long ill = scores.isnan().flatten(1).any(1).sum().item<long>();
        if (ill > 0)
        {
            throw new InvalidOperationException(
                $"The model gives NaN among the scores of {ill} of {scores.size(0)} samples in a batch of '{source}' (scores "
                    + $"{Shape.Of(scores)}), so it predicts no class for them. Look at its weights, for example with "
                    + "ParameterHistograms."
            );
        }
    }
}
