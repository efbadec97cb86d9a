using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Counts, batch by batch, what a classifier predicted for the samples of each class.</summary>
internal sealed class ConfusionCounter(IBatchSource data, ConfusionMatrixOptions options)
{
    private long[,]? _counts;

    /// <summary>What was counted, of at least one batch.</summary>
    public ConfusionMatrix Matrix => new(_counts!, options.ClassNames ?? NamesOf(data, _counts!.GetLength(0)));

    /// <exception cref="ShapeMismatchException">Scores or labels do not fit.</exception>
    /// <exception cref="InvalidOperationException">A score is NaN.</exception>
    public void See(Tensor scores, Tensor targets)
    {
        Check(scores, targets);
        ClassScoreFaults.ThrowIfNaN(scores, data.Name);
        _counts ??= new long[scores.size(1), scores.size(1)];
        Add(_counts, scores, targets, options.IgnoreIndex);
    }

    private static IReadOnlyList<string>? NamesOf(IBatchSource data, int classCount)
    {
        var names = (data as IImageSource)?.ClassNames ?? (data as ISequenceSource)?.ClassNames;
        return names?.Count == classCount ? names : null;
    }

    private static void Check(Tensor scores, Tensor targets)
    {
        if (scores.dim() != 2 || scores.size(1) < 2 || targets.dim() != 1)
        {
            throw new ShapeMismatchException(
                "A confusion matrix needs scores [batch, classes] of at least two classes and labels [batch], but got scores "
                    + $"{Shape.Of(scores)} and labels {Shape.Of(targets)}."
            );
        }
    }

    private static void Add(long[,] counts, Tensor scores, Tensor targets, long? ignoreIndex)
    {
        long[] predicted = scores.argmax(1).cpu().data<long>().ToArray(),
            actual = targets.to_type(ScalarType.Int64).cpu().contiguous().data<long>().ToArray();
        int classes = counts.GetLength(0);
        for (int i = 0; i < actual.Length; i++)
        {
            if (actual[i] == ignoreIndex)
            {
                continue;
            }

            if (actual[i] < 0 || actual[i] >= classes)
            {
                throw new ShapeMismatchException(
                    $"The model gives {classes} scores, so labels must be from 0 to {classes - 1}, but there is the label "
                        + $"{actual[i]} at index {i} of its batch. Give the model as many outputs as the data has classes."
                );
            }

            counts[actual[i], predicted[i]]++;
        }
    }
}
