using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Finds on the device whether all weights are finite. A step with NaN or infinite gradients leaves such weights
/// for good, so a check now and then misses none.</summary>
internal static class FiniteCheck
{
    /// <summary>A single boolean on the model's device, in the current dispose scope; null for a model without
    /// floating-point parameters.</summary>
    public static Tensor? Of(nn.Module model)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] flags =
        [
            .. model
                .parameters()
                .Where(parameter => parameter.is_floating_point())
                .Select(parameter => parameter.isfinite().all()),
        ];
        return flags.Length == 0 ? null : stack(flags).all().MoveToOuterDisposeScope();
    }
}
