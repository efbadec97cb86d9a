using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>Option A: every second pixel, and channels of zeros before and behind, half of them each; of an odd number one more
/// behind.</summary>
internal sealed class PaddedShortcut(int inputs, int outputs, int stride) : nn.Module<Tensor, Tensor>(nameof(PaddedShortcut))
{
    /// <summary>Channels of zeros before those of the input.</summary>
    public int Before { get; } = (outputs - inputs) / 2;

    /// <summary>Channels of zeros behind those of the input.</summary>
    public int Behind => outputs - inputs - Before;

    /// <summary>The distance of the pixels that are kept.</summary>
    public int Stride => stride;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var kept = input[.., .., TensorIndex.Slice(step: stride), TensorIndex.Slice(step: stride)];
        return nn.functional.pad(kept, [0, 0, 0, 0, Before, Behind]).MoveToOuterDisposeScope();
    }
}
