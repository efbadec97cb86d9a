using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

internal sealed class CrossEntropyLoss : Loss
{
    public override string Name => "cross_entropy";

    public override Tensor Compute(Tensor outputs, Tensor targets)
    {
        if (outputs.dim() != 2 || targets.dim() != 1 || outputs.size(0) != targets.size(0) || targets.dtype != ScalarType.Int64)
        {
            throw new ShapeMismatchException(
                $"Cross-entropy expects scores [batch, classes] and int64 labels [batch], but received scores {Shape.Of(outputs)} and " +
                $"{targets.dtype} labels {Shape.Of(targets)}. Let the model end in one score a class, or give TrainerOptions another Loss.");
        }

        return nn.functional.cross_entropy(outputs, targets);
    }
}
