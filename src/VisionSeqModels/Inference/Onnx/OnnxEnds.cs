using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>What a graph does before and after the model.</summary>
internal static class OnnxEnds
{
    /// <summary>What the model takes.</summary>
    public static OnnxValue Begin(OnnxGraph graph, OnnxInputs inputs, OnnxValue raw)
    {
        switch (inputs.Kind)
        {
            case OnnxInput.Pixels:
                var (factors, summands) = inputs.Options.Normalization!.Numbers();
                var (scale, offset) = (tensor(factors).reshape(1, -1, 1, 1), tensor(summands).reshape(1, -1, 1, 1));
                var pixels = graph.Add("Cast", [raw], ("to", OnnxTypes.Of(ScalarType.Float32)));
                return Linear(graph, pixels, scale, offset);
            case OnnxInput.Features:
                var (mean, deviation) = Rows(inputs.Options.Features!);
                return Linear(graph, raw, 1 / deviation, -mean / deviation);
            default:
                return raw;
        }
    }

    /// <summary>The same computed by itself, for the comparison.</summary>
    public static Tensor Begin(OnnxInputs inputs, Tensor raw)
    {
        switch (inputs.Kind)
        {
            case OnnxInput.Pixels:
                var normalization = inputs.Options.Normalization!;
                var mean = Row(normalization.Mean).reshape(-1, 1, 1);
                var deviation = Row(normalization.StandardDeviation).reshape(-1, 1, 1);
                return ((raw.to_type(ScalarType.Float32) / 255) - mean) / deviation;
            case OnnxInput.Features:
                var (centre, width) = Rows(inputs.Options.Features!);
                return (raw - centre) / width;
            default:
                return raw;
        }
    }

    /// <summary>What the graph gives.</summary>
    public static OnnxValue End(OnnxGraph graph, OnnxInputs inputs, OnnxValue output, bool areLabels)
    {
        switch (inputs.Output)
        {
            case OnnxOutput.Probabilities:
                return areLabels
                    ? graph.Add("Sigmoid", [output])
                    : graph.Add("Softmax", [output], ("axis", ClassDimension(output)));
            case OnnxOutput.Values:
                var (mean, deviation) = Rows(inputs.Options.Targets!);
                return Linear(graph, output, deviation, mean);
            default:
                return output;
        }
    }

    /// <summary>Where the classes are: the second dimension of maps <c>[batch, classes, height, width]</c>, else the
    /// last.</summary>
    public static int ClassDimension(OnnxValue output) => output.Shape.Count > 3 ? 1 : output.Shape.Count - 1;

    private static OnnxValue Linear(OnnxGraph graph, OnnxValue value, Tensor scale, Tensor offset) =>
        graph.Add("Add", [graph.Add("Mul", [value, graph.Constant(scale)]), graph.Constant(offset)]);

    private static (Tensor Mean, Tensor Deviation) Rows(FeatureNormalization numbers) =>
        (Row(numbers.Mean), Row(numbers.StandardDeviation));

    private static Tensor Row(IReadOnlyList<double> values) => tensor(values.Select(value => (float)value).ToArray());
}
