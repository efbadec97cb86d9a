using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>What augmentations that mix samples and their targets have in common.</summary>
internal static class SampleMixing
{
    /// <summary>A number from 0 to 1 of the distribution Beta(alpha, alpha), without dimensions; 1, which
    /// mixes nothing, where the batch is not chosen.</summary>
    public static Tensor Weight(Device device, double alpha, double probability)
    {
        using var scope = NewDisposeScope();
        var weight = DeviceDraws.Beta(device, alpha);
        return where(DeviceDraws.Unit(device, 1).lt(Scalars.Of(probability)), weight, ones_like(weight))
            .reshape([])
            .MoveToOuterDisposeScope();
    }

    /// <summary>Targets that can be mixed: labels become a probability for each class.</summary>
    public static Tensor Soft(string augmentation, Tensor images, Tensor targets, int classCount)
    {
        if (targets.dim() == 0 || targets.size(0) != images.size(0) || (!is_floating_point(targets) && targets.dim() != 1))
        {
            throw new ShapeMismatchException(
                $"{augmentation} expects labels [batch], or floating-point targets [batch, …], but received images "
                    + $"{Shape.Of(images)} and {targets.dtype} targets {Shape.Of(targets)}. Give one target for each image."
            );
        }

        if (is_floating_point(targets))
        {
            return targets.alias();
        }

        TargetValues.CheckLabels(augmentation, targets, classCount, ignoreIndex: null);
        using var scope = NewDisposeScope();
        var isClass = targets.unsqueeze(1).eq(Arithmetic.Arange(classCount, device: targets.device));
        // on another device a label that is no class gives NaN, which training reports
        var soft = isClass.to_type(images.dtype).masked_fill(isClass.any(1).logical_not().unsqueeze(1), Scalars.NaN);
        return soft.MoveToOuterDisposeScope();
    }

    /// <summary><c>weight · own + (1 − weight) · other</c>; the weight's shape goes with the tensors'.</summary>
    public static Tensor Blend(Tensor own, Tensor other, Tensor weight)
    {
        using var scope = NewDisposeScope();
        var factor = weight.to_type(own.dtype);
        return (own * factor).Plus(other * factor.OneMinus()).MoveToOuterDisposeScope();
    }
}
