using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Which steps of a padded batch count.</summary>
internal static class StepMask
{
    /// <summary>True where a step counts, <c>[batch, steps]</c>.</summary>
    /// <param name="lengths">How many steps of each sequence count, <c>[batch]</c>.</param>
    /// <param name="steps">The steps of the batch.</param>
    /// <param name="device">Where the mask is needed.</param>
    public static Tensor Of(Tensor lengths, long steps, Device device) =>
        Arithmetic.Arange(steps, device: device).unsqueeze(0).lt(lengths.to(device).unsqueeze(1));
}
