using TorchSharp.Modules;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>Which parts of the built-in models run on the library's own kernels.</summary>
internal static class KernelSelection
{
    /// <summary>The convolutions of a LeNet; null unless it has ReLU and max pooling, and the processor is fast at
    /// them.</summary>
    /// <param name="options">The LeNet's options.</param>
    /// <param name="modules">Convolution, activation and pooling, twice.</param>
    public static FastConvolutions? Convolutions(LeNetOptions options, params nn.Module<Tensor, Tensor>[] modules) =>
        Processor.HasFastVectors ? ConvolutionsAnywhere(options, modules) : null;

    /// <summary>The same whatever the processor.</summary>
    internal static FastConvolutions? ConvolutionsAnywhere(LeNetOptions options, params nn.Module<Tensor, Tensor>[] modules)
    {
        if (options.Activation != ActivationFunction.ReLU || options.Pooling != PoolingMode.Max)
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

    /// <summary>Linear layers for a single input; null where the processor is not fast at them, or one has no bias.</summary>
    /// <param name="modules">Linear layers, each but the last followed by its activation.</param>
    public static FastDense? Dense(params nn.Module<Tensor, Tensor>[] modules) =>
        Processor.HasFastVectors && modules.All(module => module is Linear { bias: not null } or ReLU)
            ? new FastDense(modules)
            : null;

    /// <summary>A recurrent layer; null where there are several layers or two directions, where the units fill no whole
    /// panels, or where the processor is not fast at it.</summary>
    public static FastRecurrentLayer? RecurrentLayer(nn.Module module, RecurrentCell cell, RecurrentOptions options) =>
        Processor.HasFastVectors ? RecurrentLayerAnywhere(module, cell, options) : null;

    /// <summary>The same whatever the processor.</summary>
    internal static FastRecurrentLayer? RecurrentLayerAnywhere(nn.Module module, RecurrentCell cell, RecurrentOptions options)
    {
        bool fits = options.LayerCount == 1 && !options.Bidirectional && options.HiddenSize % PanelGemm.Panel == 0;
        if (!fits)
        {
            return null;
        }

        RecurrentKernel kernel = cell switch
        {
            RecurrentCell.Gru => new GruKernel(),
            RecurrentCell.Lstm => new LstmKernel(),
            _ => new RnnKernel(options.Nonlinearity == ActivationFunction.ReLU),
        };
        return new FastRecurrentLayer(module, kernel, tensors => Unrolled(module, options, tensors));
    }

    /// <summary>The outputs of a sequence and four weights, step by step.</summary>
    private static Tensor Unrolled(nn.Module module, RecurrentOptions options, Tensor[] tensors)
    {
        var weights = FastRecurrentLayer
            .WeightNames.Zip(tensors[1..])
            .ToDictionary(entry => entry.First, entry => entry.Second, StringComparer.Ordinal);
        var unroller = new RecurrentUnroller(module, options.Nonlinearity, weights, null);
        return unroller.Outputs(unroller.Layer("l0", tensors[0], isReversed: false));
    }
}
