using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>What a shard of a batch gave.</summary>
/// <param name="Loss">Its mean loss.</param>
/// <param name="Weight">The divisor of that mean.</param>
/// <param name="Outputs">The model's outputs.</param>
/// <param name="Targets">The targets after the augmentations; null where they are the batch's own.</param>
internal readonly record struct ShardLoss(Tensor Loss, Tensor Weight, Tensor Outputs, Tensor? Targets)
{
    public IEnumerable<Tensor> Tensors => Targets is null ? [Loss, Weight, Outputs] : [Loss, Weight, Outputs, Targets];

    public static int CountOfTensors(bool withTargets) => withTargets ? 4 : 3;

    public static ShardLoss Of(IReadOnlyList<Tensor> tensors) =>
        new(tensors[0], tensors[1], tensors[2], tensors.ElementAtOrDefault(3));
}
