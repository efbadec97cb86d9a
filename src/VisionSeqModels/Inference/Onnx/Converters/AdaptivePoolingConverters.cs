using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Poolings to a given size.</summary>
internal static class AdaptivePoolingConverters
{
    /// <summary>Null for a module of another kind.</summary>
    public static OnnxValue? Convert(nn.Module module, OnnxGraph graph, OnnxValue input) =>
        module switch
        {
            AdaptiveAvgPool1d pool => Pool(graph, input, [pool.output_size], isMaximum: false),
            AdaptiveAvgPool2d pool => Pool(graph, input, pool.output_size, isMaximum: false),
            AdaptiveAvgPool3d pool => Pool(graph, input, pool.output_size, isMaximum: false),
            AdaptiveMaxPool1d pool => Pool(graph, input, [pool.output_size], isMaximum: true),
            AdaptiveMaxPool2d pool => Pool(graph, input, pool.output_size, isMaximum: true),
            AdaptiveMaxPool3d pool => Pool(graph, input, pool.output_size, isMaximum: true),
            _ => null,
        };

    private static OnnxValue Pool(OnnxGraph graph, OnnxValue input, long[] sizes, bool isMaximum)
    {
        if (Array.TrueForAll(sizes, size => size == 1))
        {
            return graph.Add(isMaximum ? "GlobalMaxPool" : "GlobalAveragePool", [input]);
        }

        // The windows are products of intervals, so that one dimension can follow another.
        for (int index = 0; index < sizes.Length; index++)
        {
            input = Along(graph, input, index + 2, sizes[index], isMaximum);
        }

        return input;
    }

    /// <summary>libtorch's intervals: from the rounded-down beginning to the rounded-up end of each part.</summary>
    private static OnnxValue Along(OnnxGraph graph, OnnxValue input, int axis, long count, bool isMaximum)
    {
        long size = input.Size(axis, graph.Place);
        if (size == count)
        {
            return input;
        }

        var parts = Enumerable
            .Range(0, (int)count)
            .Select(part =>
            {
                long begin = part * size / count;
                long end = (((part + 1) * size) + count - 1) / count;
                var interval = graph.Add("Slice", [input, graph.Integers(begin), graph.Integers(end), graph.Integers(axis)]);
                return Reduction.Of(graph, isMaximum ? "ReduceMax" : "ReduceMean", interval, axis, keepsDimension: true);
            });
        return graph.Add("Concat", [.. parts], ("axis", axis));
    }
}
