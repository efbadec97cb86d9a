using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Linear layers, embeddings, and layers that change the shape alone.</summary>
internal static class LayerConverters
{
    /// <summary>Null for a module of another kind.</summary>
    public static OnnxValue? Convert(nn.Module module, OnnxGraph graph, OnnxValue input) =>
        module switch
        {
            Sequential sequential => Chain(sequential, graph, input),
            Linear linear => Product(linear, graph, input),
            Embedding embedding => Lookup(embedding, graph, input),
            Flatten flatten => Flat(graph, input, (int)flatten.start_dim, (int)flatten.end_dim),
            Unflatten unflatten => Unflat(graph, input, (int)unflatten.dim, unflatten.unflattened_size),
            ChannelShuffle shuffle => Shuffled(graph, input, shuffle.groups),
            PixelShuffle shuffle => graph.Add("DepthToSpace", [input], ("blocksize", shuffle.upscale_factor), ("mode", "CRD")),
            Identity or Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or FeatureAlphaDropout => input,
            _ => null,
        };

    /// <summary>Reshapes to sizes: 0 keeps the size at the same place, −1 is what is left.</summary>
    /// <exception cref="NotSupportedException">Several sizes would be what is left.</exception>
    public static OnnxValue Reshape(OnnxGraph graph, OnnxValue input, params long[] sizes) =>
        sizes.Count(size => size == -1) <= 1
            ? graph.Add("Reshape", [input, graph.Integers(sizes)])
            : throw new NotSupportedException(
                $"A reshape of {input.Text} by {graph.Place} would have several sizes that depend on the input. Give "
                    + "OnnxOptions.InputShape with DynamicTime = false."
            );

    /// <summary>Joins dimensions to one, as <c>Tensor.flatten</c> does.</summary>
    public static OnnxValue Flat(OnnxGraph graph, OnnxValue input, int first, int last = -1)
    {
        int count = input.Shape.Count;
        int begin = first < 0 ? count + first : first;
        int end = last < 0 ? count + last : last;
        if (begin == end)
        {
            return input;
        }

        var joined = input.Shape.Skip(begin).Take(end - begin + 1).Aggregate((long?)1, (all, size) => all * size);
        return Reshape(graph, input, [.. Kept(input, begin), joined ?? -1, .. Moved(input, end + 1)]);
    }

    /// <summary>The sizes of the first dimensions, which stay at their places.</summary>
    private static IEnumerable<long> Kept(OnnxValue input, int count) => input.Shape.Take(count).Select(size => size ?? 0);

    /// <summary>The sizes from a dimension on, at other places than before.</summary>
    private static IEnumerable<long> Moved(OnnxValue input, int first) => input.Shape.Skip(first).Select(size => size ?? -1);

    private static OnnxValue? Chain(Sequential sequential, OnnxGraph graph, OnnxValue input)
    {
        // A type of one's own may compute something else.
        Func<Tensor, Tensor> forward = sequential.forward;
        return forward.Method.DeclaringType == typeof(Sequential)
            ? sequential.named_children().Aggregate(input, (value, child) => graph.Add(child.module, value))
            : null;
    }

    private static OnnxValue Product(Linear linear, OnnxGraph graph, OnnxValue input)
    {
        if (input.Shape.Count == 2)
        {
            OnnxValue?[] inputs =
            [
                input,
                graph.Constant(linear.weight),
                linear.bias is null ? null : graph.Constant(linear.bias),
            ];
            return graph.Add("Gemm", linear.bias is null ? inputs[..2] : inputs, ("transB", 1));
        }

        using var transposed = linear.weight.detach().t();
        var product = graph.Add("MatMul", [input, graph.Part(transposed, "weight_transposed")]);
        return linear.bias is null ? product : graph.Add("Add", [product, graph.Constant(linear.bias)]);
    }

    /// <summary>The table is what the module gives for each number: with a maximum norm its weights are not yet that.</summary>
    private static OnnxValue Lookup(Embedding embedding, OnnxGraph graph, OnnxValue input)
    {
        using var weight = embedding.weight!;
        using var before = weight.detach().clone();
        var table = embedding.call(Arithmetic.Arange(weight.size(0), device: weight.device)).clone();
        weight.detach().copy_(before);
        return graph.Add("Gather", [graph.Part(table, "weight"), input], ("axis", 0));
    }

    private static OnnxValue Unflat(OnnxGraph graph, OnnxValue input, int dimension, long[] sizes)
    {
        int index = dimension < 0 ? input.Shape.Count + dimension : dimension;
        return Reshape(graph, input, [.. Kept(input, index), .. sizes, .. Moved(input, index + 1)]);
    }

    private static OnnxValue Shuffled(OnnxGraph graph, OnnxValue input, long groups)
    {
        long channels = input.Size(1, graph.Place);
        var divided = Reshape(graph, input, [.. Kept(input, 1), groups, channels / groups, .. Moved(input, 2)]);
        long[] order = [0, 2, 1, .. Enumerable.Range(3, divided.Shape.Count - 3).Select(index => (long)index)];
        return Reshape(graph, graph.Add("Transpose", [divided], ("perm", order)), [.. Kept(input, 2), .. Moved(input, 2)]);
    }
}
