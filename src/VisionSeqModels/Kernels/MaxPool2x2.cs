using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>Max pooling over 2×2 blocks: <c>nn.MaxPool2d(2)</c> to the bit, in values and gradients. It uses
/// <see cref="MaxPool2x2Kernel"/> where <see cref="Supports"/> allows it, else libtorch's own operation.</summary>
/// <remarks>libtorch's kernel takes one value at a time. Measurements: docs/performance.md.</remarks>
internal sealed class MaxPool2x2() : nn.Module<Tensor, Tensor>("MaxPool2d")
{
    /// <summary>Side of a block, and the step from one to the next.</summary>
    public const int BlockSize = 2;

    /// <summary>Pools <c>[batch, channels, height, width]</c> to half the height and width, rounded down.</summary>
    public override Tensor forward(Tensor input) =>
        !Supports(input) ? nn.functional.max_pool2d(input, BlockSize)
        : input.requires_grad && is_grad_enabled() ? MaxPool2x2Function.Call(input)
        : WithoutGradient(input);

    private static Tensor WithoutGradient(Tensor input)
    {
        var (output, choices) = MaxPool2x2Kernel.Forward(input);
        choices.Dispose();
        return output;
    }

    /// <summary>Whether the images can be pooled here; Kernels/README.md lists the conditions.</summary>
    internal static bool Supports(Tensor input) =>
        Vector256.IsHardwareAccelerated
        && TensorMemory.IsFloatOnCpu(input)
        && input.dim() == 4
        && input.size(3) >= MaxPool2x2Kernel.MinimumWidth
        && input.size(2) >= BlockSize
        && input.numel() is > 0 and <= TensorMemory.MaximumCount
        && input.is_contiguous()
        && OpenMP.IsBeneficial;
}
