using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Convolutions of one to three dimensions, their transposes, and upsampling.</summary>
internal static class ConvolutionConverters
{
    /// <summary>Null for a module of another kind.</summary>
    public static OnnxValue? Convert(nn.Module module, OnnxGraph graph, OnnxValue input) =>
        module switch
        {
            ConvTranspose1d or ConvTranspose2d or ConvTranspose3d => Transposed((Convolution)module, graph, input),
            Conv1d or Conv2d or Conv3d => Plain((Convolution)module, graph, input),
            Upsample upsample => UpsampleConverter.Convert(upsample, graph, input),
            _ => null,
        };

    private static OnnxValue Plain(Convolution conv, OnnxGraph graph, OnnxValue input)
    {
        RequireBatch(conv, graph, input);
        var (begin, end) = Pads(conv);
        bool isZero = conv.padding_mode == PaddingModes.Zeros;
        var padded = isZero ? input : Padded(conv, graph, input);
        long[] none = [.. begin.Select(_ => 0L)];
        return graph.Add(
            "Conv",
            Inputs(conv, graph, padded),
            ("kernel_shape", conv.kernel_size),
            ("strides", conv.stride),
            ("pads", isZero ? [.. begin, .. end] : (long[])[.. none, .. none]),
            ("dilations", conv.dilation),
            ("group", conv.groups)
        );
    }

    private static OnnxValue Transposed(Convolution conv, OnnxGraph graph, OnnxValue input)
    {
        RequireBatch(conv, graph, input);
        long[] padding = conv.padding!;
        return graph.Add(
            "ConvTranspose",
            Inputs(conv, graph, input),
            ("kernel_shape", conv.kernel_size),
            ("strides", conv.stride),
            ("pads", (long[])[.. padding, .. padding]),
            // TorchSharp 0.107 takes the first one for all dimensions.
            ("output_padding", (long[])[.. padding.Select(_ => conv.output_padding[0])]),
            ("dilations", conv.dilation),
            ("group", conv.groups)
        );
    }

    private static void RequireBatch(Convolution conv, OnnxGraph graph, OnnxValue input)
    {
        if (input.Shape.Count != conv.kernel_size.Length + 2)
        {
            throw new NotSupportedException(
                $"A {conv.GetType().Name} takes {conv.kernel_size.Length + 2} dimensions in an ONNX graph, the batch first, but "
                    + $"{graph.Place} takes {input.Text}. Put a batch dimension before it."
            );
        }
    }

    private static OnnxValue?[] Inputs(Convolution conv, OnnxGraph graph, OnnxValue input) =>
        conv.bias is null
            ? [input, graph.Constant(conv.weight)]
            : [input, graph.Constant(conv.weight), graph.Constant(conv.bias)];

    /// <summary>The zeros before and after each dimension.</summary>
    private static (long[] Begin, long[] End) Pads(Convolution conv)
    {
        long[] total =
        [
            .. conv.kernel_size.Select(
                (size, index) =>
                    conv.padding_type == Padding.Same ? conv.dilation[index] * (size - 1) : 2 * (conv.padding?[index] ?? 0)
            ),
        ];
        return ([.. total.Select(size => size / 2)], [.. total.Select(size => size - (size / 2))]);
    }

    /// <summary>A border that is no zeros is an operation of its own.</summary>
    private static OnnxValue Padded(Convolution conv, OnnxGraph graph, OnnxValue input)
    {
        var (begin, end) = Pads(conv);
        // TorchSharp 0.107 takes the sizes of Padding.Same in the opposite order of dimensions.
        bool isTurned = conv.padding_type == Padding.Same;
        return PaddingConverters.Pad(
            graph,
            input,
            isTurned ? [.. begin.Reverse()] : begin,
            isTurned ? [.. end.Reverse()] : end,
            conv.padding_mode,
            0
        );
    }
}
