using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Metrics;

/// <summary>Counts pairs of true and predicted class, on the device and without waiting for it.</summary>
internal static class ConfusionCounts
{
    /// <summary>A batch's counts <c>[classes · classes]</c>, by true class, then predicted class, without the samples of one
    /// label.</summary>
    public static Tensor Of(string name, Tensor outputs, Tensor targets, int classCount, long? ignoreIndex = null)
    {
        TargetShapes.CheckLabels(name, outputs, targets);
        if (outputs.size(1) != classCount)
        {
            throw new ShapeMismatchException(
                $"Counting {classCount} classes expects scores [batch, {classCount}] and labels [batch], but received "
                    + $"scores {Shape.Of(outputs)} and labels "
                    + $"{Shape.Of(targets)}. Give the metric '{name}' the model's class count."
            );
        }

        return TargetGuard.OfLabels(name, targets, classCount, ignoreIndex, labels => Counts(outputs, labels));

        Tensor Counts(Tensor scores, Tensor labels)
        {
            using var scope = NewDisposeScope();
            var cell = labels.to_type(ScalarType.Int64).mul(Scalars.Of(classCount)).Plus(scores.argmax(1));
            var counts = ones_like(cell);
            if (ignoreIndex is long ignored)
            {
                counts = labels.ne(Scalars.Of(ignored)).to_type(ScalarType.Int64);
                cell *= counts;
            }

            return zeros(classCount * classCount, dtype: ScalarType.Int64, device: scores.device)
                .scatter_add_(0, cell, counts)
                .MoveToOuterDisposeScope();
        }
    }
}
