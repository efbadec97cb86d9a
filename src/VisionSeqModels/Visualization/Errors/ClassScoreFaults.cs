using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Scores from which no class can be predicted.</summary>
internal static class ClassScoreFaults
{
    /// <summary>Throws where outputs are no class scores, or labels not one for each sample.</summary>
    /// <exception cref="ShapeMismatchException">They are not.</exception>
    public static void ThrowIfNotOfClasses(Tensor scores, Tensor labels)
    {
        if (scores.dim() != 2 || labels.dim() != 1 || labels.size(0) != scores.size(0))
        {
            throw new ShapeMismatchException(
                "Confident errors are found among scores [batch, classes] with a label [batch] for each, but there are scores "
                    + $"{Shape.Of(scores)} and labels {Shape.Of(labels)}."
            );
        }
    }

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
