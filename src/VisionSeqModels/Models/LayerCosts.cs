using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>What a layer is known to cost.</summary>
internal static class LayerCosts
{
    /// <summary>The sizes of a kernel; null for a layer without one.</summary>
    public static long[]? KernelOf(nn.Module module) =>
        module switch
        {
            Conv1d conv => conv.kernel_size,
            Conv2d conv => conv.kernel_size,
            Conv3d conv => conv.kernel_size,
            ConvTranspose1d conv => conv.kernel_size,
            ConvTranspose2d conv => conv.kernel_size,
            ConvTranspose3d conv => conv.kernel_size,
            MaxPool1d pool => [pool.kernel_size],
            MaxPool2d pool => pool.kernel_size,
            MaxPool3d pool => pool.kernel_size,
            AvgPool1d pool => [pool.kernel_size],
            AvgPool2d pool => pool.kernel_size,
            AvgPool3d pool => pool.kernel_size,
            Kernels.MaxPool2x2 => [Kernels.MaxPool2x2.BlockSize, Kernels.MaxPool2x2.BlockSize],
            _ => null,
        };

    /// <summary>Multiplications with an addition in one call; null where they are not known.</summary>
    /// <param name="module">The layer.</param>
    /// <param name="input">What it took.</param>
    /// <param name="output">What it gave.</param>
    public static long? MultiplyAddsOf(nn.Module module, Tensor input, Tensor output)
    {
        using var scope = NewDisposeScope();
        return module switch
        {
            Conv1d or Conv2d or Conv3d => output.numel() * (Weight(module)!.numel() / Weight(module)!.size(0)),
            ConvTranspose1d or ConvTranspose2d or ConvTranspose3d => input.numel()
                * (Weight(module)!.numel() / Weight(module)!.size(0)),
            Linear linear => output.numel() * linear.weight.size(1),
            LSTM or GRU or RNN => input.numel() / input.size(-1) * Matrices(module),
            _ when !module.parameters(recurse: false).Any() || module.GetName().Contains("Norm", StringComparison.Ordinal) => 0,
            _ => null,
        };
    }

    private static Parameter? Weight(nn.Module module) => module.get_parameter("weight");

    /// <summary>Elements of all matrices: each takes part once in each step of each sample.</summary>
    private static long Matrices(nn.Module module) =>
        module.parameters().Where(parameter => parameter.dim() == 2).Sum(parameter => parameter.numel());
}
