using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Normalisations, as they are in evaluation mode.</summary>
internal static class NormalizationConverters
{
    private const int HasLayerNormalization = 17;

    /// <summary>Null for a module of another kind.</summary>
    public static OnnxValue? Convert(nn.Module module, OnnxGraph graph, OnnxValue input) =>
        module switch
        {
            BatchNorm batch => Batch(batch, graph, input),
            InstanceNorm { track_running_stats: true } instance => Batch(instance, graph, input),
            InstanceNorm instance => graph.Add(
                "InstanceNormalization",
                [input, Weight(instance, graph), Bias(instance, graph)],
                ("epsilon", instance.eps)
            ),
            LayerNorm layer => Layer(layer, graph, input),
            GroupNorm group => Group(group, graph, input),
            LocalResponseNorm local => graph.Add(
                "LRN",
                [input],
                ("size", local.size),
                ("alpha", local.alpha),
                ("beta", local.beta),
                ("bias", local.k)
            ),
            _ => null,
        };

    private static OnnxValue Batch(NormBase module, OnnxGraph graph, OnnxValue input)
    {
        if (module.running_mean is not Tensor mean || module.running_var is not Tensor variance)
        {
            throw new NotSupportedException(
                $"A {module.GetType().Name} without running statistics (track_running_stats: false), as {graph.Place} is, "
                    + "normalises by the batch it is given. ONNX has no such operation for inference. Train it with running "
                    + "statistics."
            );
        }

        return graph.Add(
            "BatchNormalization",
            [input, Weight(module, graph), Bias(module, graph), graph.Constant(mean), graph.Constant(variance)],
            ("epsilon", module.eps)
        );
    }

    private static OnnxValue Weight(NormBase module, OnnxGraph graph) =>
        module.weight is null ? graph.Part(ones(module.num_features), "weight") : graph.Constant(module.weight);

    private static OnnxValue Bias(NormBase module, OnnxGraph graph) =>
        module.bias is null ? graph.Part(zeros(module.num_features), "bias") : graph.Constant(module.bias);

    private static OnnxValue Layer(LayerNorm module, OnnxGraph graph, OnnxValue input)
    {
        var weight = module.weight is null ? graph.Part(ones(module.normalized_shape), "weight") : graph.Constant(module.weight);
        int count = module.normalized_shape.Length;
        if (graph.Opset >= HasLayerNormalization)
        {
            OnnxValue?[] inputs = [input, weight, module.bias is null ? null : graph.Constant(module.bias)];
            return graph.Add(
                "LayerNormalization",
                module.bias is null ? inputs[..2] : inputs,
                ("axis", -count),
                ("epsilon", module.eps)
            );
        }

        var centred = graph.Add("Sub", [input, Mean(graph, input, count)]);
        var variance = Mean(graph, graph.Add("Mul", [centred, centred]), count);
        var deviation = graph.Add("Sqrt", [graph.Add("Add", [variance, graph.Constant(module.eps)])]);
        var scaled = graph.Add("Mul", [graph.Add("Div", [centred, deviation]), weight]);
        return module.bias is null ? scaled : graph.Add("Add", [scaled, graph.Constant(module.bias)]);
    }

    private static OnnxValue Mean(OnnxGraph graph, OnnxValue input, int count) =>
        Enumerable
            .Range(1, count)
            .Aggregate(input, (value, index) => Reduction.Of(graph, "ReduceMean", value, -index, keepsDimension: true));

    /// <summary>Each group is an instance of its own.</summary>
    private static OnnxValue Group(GroupNorm module, OnnxGraph graph, OnnxValue input)
    {
        long groups = module.num_groups;
        var divided = graph.Add("Reshape", [input, graph.Integers(0, groups, -1)]);
        var normalized = graph.Add(
            "InstanceNormalization",
            [divided, graph.Part(ones(groups), "ones"), graph.Part(zeros(groups), "zeros")],
            ("epsilon", module.eps)
        );
        var whole = graph.Add("Reshape", [normalized, graph.Add("Shape", [input])]);
        if (module.weight is null)
        {
            return whole;
        }

        long[] shape = [-1, .. Enumerable.Repeat(1L, input.Shape.Count - 2)];
        using var weight = module.weight.detach().reshape(shape);
        using var bias = module.bias!.detach().reshape(shape);
        return graph.Add("Add", [graph.Add("Mul", [whole, graph.Part(weight, "weight")]), graph.Part(bias, "bias")]);
    }
}
