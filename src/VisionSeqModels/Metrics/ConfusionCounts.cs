using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Metrics;

/// <summary>Counts pairs of true and predicted class, on the device and without waiting for it.</summary>
internal static class ConfusionCounts
{
    /// <summary>A batch's counts <c>[classes · classes]</c>, int64, by true class, then predicted class, without the samples
    /// of one label.</summary>
    public static Tensor Of(Tensor outputs, Tensor targets, int classCount, long? ignoreIndex = null)
    {
        if (outputs.dim() != 2 || outputs.size(1) != classCount || targets.dim() != 1)
        {
            throw new ShapeMismatchException(
                $"Counting {classCount} classes expects scores [batch, {classCount}] and labels [batch], but received "
                    + $"scores {Shape.Of(outputs)} and labels "
                    + $"{Shape.Of(targets)}. Give the metric the model's class count."
            );
        }

        using var scope = NewDisposeScope();
        var cell = (targets * classCount) + outputs.argmax(1);
        var counts = ones_like(cell);
        if (ignoreIndex is long ignored)
        {
            counts = targets.ne(ignored).to_type(ScalarType.Int64);
            cell *= counts;
        }

        return zeros(classCount * classCount, dtype: ScalarType.Int64, device: outputs.device)
            .scatter_add_(0, cell, counts)
            .MoveToOuterDisposeScope();
    }
}
