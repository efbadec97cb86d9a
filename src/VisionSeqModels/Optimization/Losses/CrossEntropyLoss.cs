using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

internal sealed class CrossEntropyLoss(double labelSmoothing, IReadOnlyList<double>? classWeights) : Loss
{
    public override string Name => "cross_entropy";

    public override Tensor Compute(Tensor outputs, Tensor targets)
    {
        if (outputs.dim() != 2 || targets.dim() != 1 || outputs.size(0) != targets.size(0) || targets.dtype != ScalarType.Int64)
        {
            throw new ShapeMismatchException(
                "Cross-entropy expects scores [batch, classes] and int64 labels [batch], but received scores "
                    + $"{Shape.Of(outputs)} and {targets.dtype} labels {Shape.Of(targets)}. Let the model end in one score "
                    + "a class, or give TrainerOptions another Loss."
            );
        }

        if (classWeights is null)
        {
            return nn.functional.cross_entropy(outputs, targets, label_smoothing: labelSmoothing);
        }

        if (outputs.size(1) != classWeights.Count)
        {
            throw new ShapeMismatchException(
                $"Cross-entropy has {classWeights.Count} class weights, but received scores {Shape.Of(outputs)}. Give "
                    + "one weight for each class."
            );
        }

        return nn.functional.cross_entropy(outputs, targets, Weights(outputs.device), label_smoothing: labelSmoothing);
    }

    public override Tensor? TotalWeight(Tensor targets) =>
        classWeights is null ? null : Weights(targets.device).index_select(0, targets).sum();

    // A few numbers: made for each batch, because nothing would dispose a copy kept on a device.
    private Tensor Weights(Device device) => tensor(classWeights!.Select(weight => (float)weight).ToArray(), device: device);
}
