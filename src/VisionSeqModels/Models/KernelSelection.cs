using System.Numerics;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>Which parts of the built-in models run on the library's own kernels.</summary>
internal static class KernelSelection
{
    /// <summary>The convolutions of a LeNet; null unless it has ReLU and max pooling.</summary>
    /// <param name="options">The LeNet's options.</param>
    /// <param name="modules">Convolution, activation and pooling, twice.</param>
    public static FastConvolutions? Convolutions(LeNetOptions options, params nn.Module<Tensor, Tensor>[] modules)
    {
        if (options.Activation != ActivationFunction.ReLU || options.Pooling != PoolingMode.Max || !Vector.IsHardwareAccelerated)
        {
            return null;
        }

        var first = new ConvolutionShape(
            options.InputChannels,
            options.ImageHeight,
            options.ImageWidth,
            options.Conv1Channels,
            options.KernelSize
        );
        return new FastConvolutions(first, options.Conv2Channels, modules);
    }

    /// <summary>A recurrent layer; null where there are several layers or two directions, or where the units fill no whole
    /// panels.</summary>
    public static FastRecurrentLayer? RecurrentLayer(nn.Module module, RecurrentCell cell, RecurrentOptions options)
    {
        bool fits = options.LayerCount == 1 && !options.Bidirectional && options.HiddenSize % PanelGemm.Panel == 0;
        if (!fits || !Vector.IsHardwareAccelerated)
        {
            return null;
        }

        RecurrentKernel kernel = cell switch
        {
            RecurrentCell.Gru => new GruKernel(),
            RecurrentCell.Lstm => new LstmKernel(),
            _ => new RnnKernel(options.Nonlinearity == ActivationFunction.ReLU),
        };
        return new FastRecurrentLayer(module, kernel, sequence => RecurrentLayers.Run(module, sequence).Outputs);
    }
}
