using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Functions of each element, and the softmaxes.</summary>
internal static class ActivationConverters
{
    /// <summary>Null for a module of another kind.</summary>
    public static OnnxValue? Convert(nn.Module module, OnnxGraph graph, OnnxValue x) =>
        module switch
        {
            CELU celu => graph.Add("Celu", [x], ("alpha", celu.alpha)),
            ELU elu => graph.Add("Elu", [x], ("alpha", elu.alpha)),
            GELU { approximate: GELU.Approximate.none } => Gelu(graph, x),
            GELU => GeluByTanh(graph, x),
            GLU gated => Gated(graph, x, (int)gated.dim),
            Hardshrink shrink => graph.Add("Shrink", [x], ("lambd", shrink.lambda)),
            Hardsigmoid => HardSigmoid(graph, x),
            Hardswish => graph.Add("Mul", [x, HardSigmoid(graph, x)]),
            Hardtanh clip => Clips(clip) ? Clip(graph, x, clip.min_val, clip.max_val) : x,
            LeakyReLU leaky => graph.Add("LeakyRelu", [x], ("alpha", leaky.negative_slope)),
            LogSigmoid => graph.Add("Neg", [graph.Add("Softplus", [graph.Add("Neg", [x])])]),
            LogSoftmax softmax => graph.Add("LogSoftmax", [x], ("axis", softmax.dim)),
            Mish => graph.Add("Mul", [x, graph.Add("Tanh", [graph.Add("Softplus", [x])])]),
            PReLU learned => Learned(learned, graph, x),
            ReLU => graph.Add("Relu", [x]),
            ReLU6 => Clip(graph, x, 0, 6),
            RReLU random => graph.Add("LeakyRelu", [x], ("alpha", (random.lower + random.upper) / 2)),
            SELU => graph.Add("Selu", [x]),
            SiLU => graph.Add("Mul", [x, graph.Add("Sigmoid", [x])]),
            Sigmoid => graph.Add("Sigmoid", [x]),
            Softmax softmax => graph.Add("Softmax", [x], ("axis", softmax.dim)),
            Softmax2d => graph.Add("Softmax", [x], ("axis", -3)),
            Softmin softmin => graph.Add("Softmax", [graph.Add("Neg", [x])], ("axis", softmin.dim)),
            Softplus softplus => SoftPlus(softplus, graph, x),
            Softshrink shrink => graph.Add("Shrink", [x], ("lambd", shrink.lambda), ("bias", shrink.lambda)),
            Softsign => graph.Add("Softsign", [x]),
            Tanh => graph.Add("Tanh", [x]),
            Tanhshrink => graph.Add("Sub", [x, graph.Add("Tanh", [x])]),
            Threshold threshold => graph.Add(
                "Where",
                [graph.Add("Greater", [x, graph.Constant(threshold.threshold)]), x, graph.Constant(threshold.value)]
            ),
            _ => null,
        };

    /// <summary>The Hardtanh of TorchSharp 0.107 changes nothing unless it works in place.</summary>
    private static bool Clips(Hardtanh module)
    {
        using var input = tensor((float)module.max_val + 1);
        using var output = module.call(input);
        return output.item<float>() < (float)module.max_val + 1;
    }

    private static OnnxValue HardSigmoid(OnnxGraph graph, OnnxValue x) =>
        graph.Add("HardSigmoid", [x], ("alpha", 1 / 6.0), ("beta", 0.5));

    private static OnnxValue Clip(OnnxGraph graph, OnnxValue x, double minimum, double maximum) =>
        graph.Add("Clip", [x, graph.Constant(minimum), graph.Constant(maximum)]);

    private static OnnxValue Times(OnnxGraph graph, OnnxValue x, double factor) => graph.Add("Mul", [x, graph.Constant(factor)]);

    /// <summary>x / 2 · (1 + erf(x / √2)).</summary>
    private static OnnxValue Gelu(OnnxGraph graph, OnnxValue x)
    {
        var error = graph.Add("Erf", [Times(graph, x, Math.Sqrt(0.5))]);
        return graph.Add("Mul", [Times(graph, x, 0.5), graph.Add("Add", [error, graph.Constant(1.0)])]);
    }

    /// <summary>x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).</summary>
    private static OnnxValue GeluByTanh(OnnxGraph graph, OnnxValue x)
    {
        var cube = graph.Add("Mul", [x, graph.Add("Mul", [x, x])]);
        var inner = Times(graph, graph.Add("Add", [x, Times(graph, cube, 0.044715)]), Math.Sqrt(2 / Math.PI));
        return graph.Add("Mul", [Times(graph, x, 0.5), graph.Add("Add", [graph.Add("Tanh", [inner]), graph.Constant(1.0)])]);
    }

    private static OnnxValue Gated(OnnxGraph graph, OnnxValue x, int dimension)
    {
        long half = x.Size(dimension, graph.Place) / 2;
        long axis = dimension < 0 ? x.Shape.Count + dimension : dimension;
        OnnxValue Part(long begin) =>
            graph.Add("Slice", [x, graph.Integers(begin), graph.Integers(begin + half), graph.Integers(axis)]);
        return graph.Add("Mul", [Part(0), graph.Add("Sigmoid", [Part(half)])]);
    }

    private static OnnxValue Learned(PReLU module, OnnxGraph graph, OnnxValue x)
    {
        if (module.num_parameters == 1 || x.Shape.Count <= 2)
        {
            return graph.Add("PRelu", [x, graph.Constant(module.weight)]);
        }

        using var slopes = module.weight.detach().reshape([-1, .. Enumerable.Repeat(1L, x.Shape.Count - 2)]);
        return graph.Add("PRelu", [x, graph.Part(slopes, "slope")]);
    }

    /// <summary>log(1 + exp(βx)) / β, and x itself where βx is above the threshold.</summary>
    private static OnnxValue SoftPlus(Softplus module, OnnxGraph graph, OnnxValue x)
    {
        var scaled = module.beta == 1 ? x : Times(graph, x, module.beta);
        var plus = graph.Add("Softplus", [scaled]);
        var result = module.beta == 1 ? plus : Times(graph, plus, 1 / module.beta);
        return module.threshold >= 20
            ? result
            : graph.Add("Where", [graph.Add("Greater", [scaled, graph.Constant(module.threshold)]), x, result]);
    }
}
