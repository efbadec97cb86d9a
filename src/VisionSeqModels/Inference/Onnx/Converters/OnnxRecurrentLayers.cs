using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>The layers of an <c>nn.RNN</c>, <c>nn.LSTM</c> or <c>nn.GRU</c>: a node each.</summary>
internal sealed class OnnxRecurrentLayers
{
    // For each of ONNX's gates the one of PyTorch: input, output, forget, cell; update, reset, hidden.
    private static readonly long[] LstmGates = [0, 3, 1, 2];
    private static readonly long[] GruGates = [1, 0, 2];

    private readonly OnnxGraph _graph;
    private readonly nn.Module _module;
    private readonly Dictionary<string, Tensor> _weights;
    private readonly ActivationFunction _nonlinearity;
    private readonly OnnxValue? _lengths;

    public OnnxRecurrentLayers(OnnxGraph graph, nn.Module module, ActivationFunction nonlinearity, OnnxValue? lengths)
    {
        _graph = graph;
        _module = module is RNN or LSTM or GRU
            ? module
            : throw new NotSupportedException(
                $"AddRecurrent takes an nn.RNN, nn.LSTM or nn.GRU, but received a {module.GetType().Name}."
            );
        _nonlinearity = nonlinearity;
        _weights = module
            .named_parameters()
            .ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter, StringComparer.Ordinal);
        _lengths = lengths is null ? null : graph.Add("Cast", [lengths], ("to", OnnxTypes.Of(ScalarType.Int32)));
    }

    private string Operator =>
        _module switch
        {
            LSTM => "LSTM",
            GRU => "GRU",
            _ => "RNN",
        };

    /// <summary>The last layer's outputs and all final states.</summary>
    public (OnnxValue Outputs, OnnxValue Final) Run(OnnxValue sequence, bool batchFirst)
    {
        var steps = batchFirst ? Turned(sequence) : sequence;
        var final = new List<OnnxValue>();
        for (int layer = 0; _weights.ContainsKey($"weight_ih_l{layer}"); layer++)
        {
            (steps, var last) = Layer(steps, $"l{layer}");
            final.Add(last);
        }

        var states = final.Count == 1 ? final[0] : _graph.Add("Concat", final, ("axis", 0));
        return (batchFirst ? Turned(steps) : steps, states);
    }

    /// <summary>Exchanges batch and time.</summary>
    private OnnxValue Turned(OnnxValue value) => _graph.Add("Transpose", [value], ("perm", (long[])[1, 0, 2]));

    private (OnnxValue Outputs, OnnxValue Final) Layer(OnnxValue steps, string layer)
    {
        bool isDouble = _weights.ContainsKey($"weight_ih_{layer}_reverse");
        string[] suffixes = isDouble ? [layer, $"{layer}_reverse"] : [layer];
        OnnxValue?[] inputs = [steps, Weight(suffixes, "weight_ih"), Weight(suffixes, "weight_hh"), Bias(suffixes), _lengths];
        int used =
            inputs[4] is not null ? 5
            : inputs[3] is not null ? 4
            : 3;
        var results = _graph.AddNode(Operator, inputs[..used], [.. Attributes(layer, isDouble)]);
        return (Joined(results[0], isDouble), results[1]);
    }

    private IEnumerable<(string, object)> Attributes(string layer, bool isDouble)
    {
        yield return ("hidden_size", _weights[$"weight_hh_{layer}"].size(1));
        yield return ("direction", isDouble ? "bidirectional" : "forward");
        if (_module is GRU)
        {
            yield return ("linear_before_reset", 1);
        }

        if (_module is RNN)
        {
            string function = _nonlinearity == ActivationFunction.ReLU ? "Relu" : "Tanh";
            yield return ("activations", isDouble ? (string[])[function, function] : [function]);
        }
    }

    /// <summary>From <c>[time, directions, batch, units]</c> to <c>[time, batch, directions × units]</c>.</summary>
    private OnnxValue Joined(OnnxValue outputs, bool isDouble)
    {
        if (!isDouble)
        {
            return _graph.Add("Squeeze", [outputs, _graph.Integers(1)]);
        }

        var turned = _graph.Add("Transpose", [outputs], ("perm", (long[])[0, 2, 1, 3]));
        return _graph.Add("Reshape", [turned, _graph.Integers(0, 0, outputs.Size(1, "") * outputs.Size(3, ""))]);
    }

    private OnnxValue Weight(string[] suffixes, string name) =>
        _graph.Part(stack(suffixes.Select(suffix => Ordered(_weights[$"{name}_{suffix}"]))), $"{name}_{suffixes[0]}");

    private OnnxValue? Bias(string[] suffixes) =>
        _weights.ContainsKey($"bias_ih_{suffixes[0]}")
            ? _graph.Part(
                stack(
                    suffixes.Select(suffix =>
                        cat([Ordered(_weights[$"bias_ih_{suffix}"]), Ordered(_weights[$"bias_hh_{suffix}"])], 0)
                    )
                ),
                $"bias_{suffixes[0]}"
            )
            : null;

    private Tensor Ordered(Tensor weight)
    {
        long[]? gates = _module switch
        {
            LSTM => LstmGates,
            GRU => GruGates,
            _ => null,
        };
        if (gates is null)
        {
            return weight.detach();
        }

        var parts = weight.detach().chunk(gates.Length, 0);
        return cat([.. gates.Select(gate => parts[gate])], 0);
    }
}
