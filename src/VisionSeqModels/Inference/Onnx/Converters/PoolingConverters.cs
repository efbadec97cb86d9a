using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Poolings over windows.</summary>
internal static class PoolingConverters
{
    /// <summary>Null for a module of another kind.</summary>
    public static OnnxValue? Convert(nn.Module module, OnnxGraph graph, OnnxValue input) =>
        module switch
        {
            MaxPool2x2 => Max(graph, input, new Window([2, 2], [2, 2], [0, 0], [1, 1], false)),
            MaxPool1d pool => Max(
                graph,
                input,
                Window.Of([pool.kernel_size], One(pool.stride), One(pool.padding), One(pool.dilation), pool.ceil_mode)
            ),
            MaxPool2d pool => Max(
                graph,
                input,
                Window.Of(pool.kernel_size, pool.stride, pool.padding, pool.dilation, pool.ceil_mode)
            ),
            MaxPool3d pool => Max(
                graph,
                input,
                Window.Of(pool.kernel_size, pool.stride, pool.padding, pool.dilation, pool.ceil_mode)
            ),
            AvgPool1d pool => Average(
                graph,
                input,
                Window.Of([pool.kernel_size], One(pool.stride), One(pool.padding), null, pool.ceil_mode),
                pool.count_include_pad,
                null
            ),
            AvgPool2d pool => Average(
                graph,
                input,
                Window.Of(pool.kernel_size, pool.stride, pool.padding, null, pool.ceil_mode),
                pool.count_include_pad,
                pool.divisor_override
            ),
            AvgPool3d pool => Average(
                graph,
                input,
                Window.Of(pool.kernel_size, pool.stride, pool.padding, null, pool.ceil_mode),
                pool.count_include_pad,
                pool.divisor_override
            ),
            _ => AdaptivePoolingConverters.Convert(module, graph, input),
        };

    private static long[]? One(long? value) => value is null ? null : [value.Value];

    /// <summary>A pooling's settings, one for each dimension.</summary>
    private readonly record struct Window(long[] Kernel, long[] Strides, long[] Padding, long[] Dilations, bool RoundsUp)
    {
        public static Window Of(long[] kernel, long[]? strides, long[]? padding, long[]? dilations, bool roundsUp) =>
            new(
                kernel,
                Each(strides ?? kernel, kernel.Length),
                Each(padding ?? [0], kernel.Length),
                Each(dilations ?? [1], kernel.Length),
                roundsUp
            );

        private static long[] Each(long[] values, int count) =>
            values.Length == count ? values : [.. Enumerable.Repeat(values[0], count)];

        /// <summary>The attributes of the node. Rounding up becomes padding at the ends, since versions of ONNX Runtime
        /// differ in what they make of <c>ceil_mode</c>.</summary>
        public (string, object)[] Attributes(OnnxValue input, string place, bool withPadding = true)
        {
            var window = this;
            long[] padding = withPadding ? Padding : [.. Padding.Select(_ => 0L)];
            long[] more =
            [
                .. Kernel.Select((_, index) => window.RoundsUp ? window.MoreAt(input.Size(index + 2, place), index) : 0L),
            ];
            return
            [
                ("kernel_shape", Kernel),
                ("strides", Strides),
                ("pads", (long[])[.. padding, .. padding.Zip(more, (size, extra) => size + extra)]),
            ];
        }

        /// <summary>How far the last window of libtorch reaches beyond the padded input. One that would begin in the padding
        /// at the end is left out.</summary>
        private long MoreAt(long size, int index)
        {
            long reach = Dilations[index] * (Kernel[index] - 1) + 1;
            long room = size + (2 * Padding[index]) - reach;
            long count = ((room + Strides[index] - 1) / Strides[index]) + 1;
            count -= (count - 1) * Strides[index] >= size + Padding[index] ? 1 : 0;
            return Math.Max(0, ((count - 1) * Strides[index]) - room);
        }
    }

    private static OnnxValue Max(OnnxGraph graph, OnnxValue input, Window window)
    {
        (string, object)[] attributes = [.. window.Attributes(input, graph.Place), ("dilations", window.Dilations)];
        return graph.Add("MaxPool", [input], attributes);
    }

    private static OnnxValue Average(OnnxGraph graph, OnnxValue input, Window window, bool countsPadding, long? divisor)
    {
        if (divisor is > 0)
        {
            var means = graph.Add("AveragePool", [input], [.. window.Attributes(input, graph.Place), ("count_include_pad", 1)]);
            double elements = window.Kernel.Aggregate(1.0, (all, size) => all * size);
            return graph.Add("Mul", [means, graph.Constant(elements / divisor.Value)]);
        }

        // What rounding up adds at the end never counts: where the padding does, it becomes part of the input.
        bool isApart = countsPadding && window.RoundsUp && window.Padding.Any(size => size > 0);
        return isApart
            ? graph.Add(
                "AveragePool",
                [PaddingConverters.Pad(graph, input, window.Padding, window.Padding, PaddingModes.Constant, 0)],
                [.. window.Attributes(input, graph.Place, withPadding: false), ("count_include_pad", 0)]
            )
            : graph.Add(
                "AveragePool",
                [input],
                [.. window.Attributes(input, graph.Place), ("count_include_pad", countsPadding && !window.RoundsUp)]
            );
    }
}
