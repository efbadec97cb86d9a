using System.Runtime.InteropServices;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>An ONNX graph in the making. Each node is evaluated as soon as it is added, on two small inputs, so that every
/// shape is known and a mistake shows at its place.</summary>
public sealed class OnnxGraph
{
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<(string Name, Tensor Tensor)> _weights = [];
    private readonly Dictionary<Tensor, OnnxValue> _known = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly OnnxPlaces _places;
    private readonly OnnxConverter _convert;

    internal OnnxGraph(nn.Module model, int opset, OnnxConverter convert)
    {
        Opset = opset;
        _places = new OnnxPlaces(model);
        _convert = convert;
    }

    /// <summary>The version of ONNX's operators that the file will state.</summary>
    public int Opset { get; }

    /// <summary>How many steps of each sequence count, <c>[batch]</c>, int64; null unless
    /// <see cref="OnnxOptions.Lengths"/> asks for this second input.</summary>
    public OnnxValue? Lengths { get; internal set; }

    internal IReadOnlyList<OnnxNode> Nodes => _nodes;

    internal IReadOnlyList<(string Name, Tensor Tensor)> Weights => _weights;

    /// <summary>Adds an operation with one output.</summary>
    /// <param name="op">The operator's name in ONNX's default domain, for example <c>Add</c>.</param>
    /// <param name="inputs">Its inputs in order; null for an optional one that is left out.</param>
    /// <param name="attributes">Its settings: whole numbers, numbers, texts, or lists of these.</param>
    /// <returns>What it gives.</returns>
    /// <exception cref="NotSupportedException">This library cannot evaluate the operator or an attribute.</exception>
    /// <exception cref="InvalidOperationException">The inputs do not fit the operator.</exception>
    public OnnxValue Add(string op, IReadOnlyList<OnnxValue?> inputs, params (string Name, object Value)[] attributes) =>
        AddNode(op, inputs, attributes)[0];

    /// <summary>Adds what a module computes, by the converter of its type.</summary>
    /// <param name="module">A module that SaveOnnx knows, or one that implements <see cref="IOnnxConvertible"/>.</param>
    /// <param name="input">What it takes.</param>
    /// <returns>What it gives.</returns>
    /// <exception cref="NotSupportedException">The module cannot be exported; the message says which and where.</exception>
    public OnnxValue Add(nn.Module module, OnnxValue input)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(input);
        using var place = _places.Enter(module);
        return _convert(module, this, input);
    }

    /// <summary>Adds an <c>nn.RNN</c>, <c>nn.LSTM</c> or <c>nn.GRU</c> with any number of layers and directions, from a zero
    /// state.</summary>
    /// <param name="layers">The module.</param>
    /// <param name="sequence"><c>[batch, time, features]</c>; without <paramref name="batchFirst"/>
    /// <c>[time, batch, features]</c>.</param>
    /// <param name="batchFirst">Whether the module was made with <c>batchFirst: true</c>; default true.</param>
    /// <param name="nonlinearity">The function of an <c>nn.RNN</c>, which the module does not say; default
    /// <see cref="ActivationFunction.Tanh"/>.</param>
    /// <param name="lengths">How many steps of each sequence count, <c>[batch]</c>, int64; null (default) for all.</param>
    /// <returns>The last layer's outputs, in the order of <paramref name="sequence"/>, and the final hidden states
    /// <c>[layers × directions, batch, units]</c>, as the module gives them.</returns>
    /// <exception cref="NotSupportedException">The module is of another kind.</exception>
    public (OnnxValue Outputs, OnnxValue Final) AddRecurrent(
        nn.Module layers,
        OnnxValue sequence,
        bool batchFirst = true,
        ActivationFunction nonlinearity = ActivationFunction.Tanh,
        OnnxValue? lengths = null
    )
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(sequence);
        using var place = _places.Enter(layers);
        return new OnnxRecurrentLayers(this, layers, nonlinearity, lengths).Run(sequence, batchFirst);
    }

    /// <summary>Adds a tensor as a constant, a copy of its values now.</summary>
    /// <param name="tensor">On any device; float32, float64 (becomes float32), int64, int32, uint8 or bool.</param>
    /// <returns>The constant; it has the name of the model's parameter or buffer, where it is one.</returns>
    public OnnxValue Constant(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return _known.TryGetValue(tensor, out var known)
            ? known
            : _known[tensor] = NewConstant(tensor, _places.NameOf(tensor) ?? _places.Within("constant"));
    }

    /// <summary>Adds a number as a constant, float32, without dimensions.</summary>
    /// <param name="value">The number.</param>
    public OnnxValue Constant(double value) => NewConstant(tensor((float)value), _places.Within("constant"));

    /// <summary>Adds whole numbers as a constant <c>[count]</c>, int64, such as the axes or sizes that an operator
    /// takes.</summary>
    /// <param name="values">The numbers.</param>
    public OnnxValue Integers(params long[] values) => NewConstant(tensor(values), _places.Within("constant"));

    internal OnnxValue NewConstant(Tensor tensor, string name)
    {
        var copy = tensor.detach().cpu();
        var stored = (copy.dtype == ScalarType.Float64 ? copy.to_type(ScalarType.Float32) : copy).clone().contiguous();
        _ = OnnxTypes.Of(stored.dtype);
        string unique = Unique(name);
        _weights.Add((unique, stored));
        return new OnnxValue(unique, [stored, stored]);
    }

    /// <summary>Keeps a name for a value that comes later.</summary>
    internal string Reserve(string name) => Unique(name);

    /// <summary>Gives a value a reserved name, by a node that computes nothing.</summary>
    internal OnnxValue Rename(OnnxValue value, string name)
    {
        _nodes.Add(new OnnxNode(name, "Identity", [value.Name], [name], new OnnxAttributes([])));
        return new OnnxValue(name, value.Probes);
    }

    /// <summary>An input of the graph.</summary>
    internal OnnxValue AddInput(string name, IReadOnlyList<Tensor> probes) => new(Unique(name), probes);

    /// <summary>The place of the module that is being converted, for messages.</summary>
    internal string Place => _places.Current;

    /// <summary>A constant named after a part of the module that is being converted.</summary>
    internal OnnxValue Part(Tensor tensor, string name) => NewConstant(tensor, _places.Within(name));

    internal OnnxValue[] AddNode(
        string op,
        IReadOnlyList<OnnxValue?> inputs,
        IReadOnlyList<(string Name, object Value)> attributes
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var settings = new OnnxAttributes(attributes);
        var evaluate = OnnxOperators.Find(op, Place);
        var results = Enumerable
            .Range(0, 2)
            .Select(probe => Evaluate(op, evaluate, settings, [.. inputs.Select(input => input?.Probes[probe])]))
            .ToArray();
        if (settings.Unread.FirstOrDefault() is string unread)
        {
            throw new NotSupportedException(
                $"{op} at {Place} has the attribute '{unread}', which OnnxGraph does not know. Leave it out."
            );
        }

        string name = Unique(_places.Within(op));
        var outputs = results[0]
            .Select((_, index) => new OnnxValue(index == 0 ? name : $"{name}:{index}", [results[0][index], results[1][index]]))
            .ToArray();
        string[] names = [.. inputs.Select(input => input?.Name ?? "")];
        _nodes.Add(new OnnxNode(name, op, names, [.. outputs.Select(output => output.Name)], settings));
        return outputs;
    }

    private Tensor[] Evaluate(string op, OnnxOperator evaluate, OnnxAttributes settings, Tensor?[] inputs)
    {
        using var scope = NewDisposeScope();
        try
        {
            var results = evaluate(settings, inputs);
            return [.. results.Select(result => result.MoveToOuterDisposeScope())];
        }
        catch (Exception e) when (e is ExternalException or ArgumentException or InvalidCastException or IndexOutOfRangeException)
        {
            string shapes = string.Join(", ", inputs.Select(input => input is null ? "none" : Shape.Of(input)));
            throw new InvalidOperationException(
                $"{op} at {Place} cannot take inputs of shape {shapes}: {LibtorchError.Of(e).TrimEnd('.')}. Check the converter "
                    + "of the module.",
                e
            );
        }
    }

    private string Unique(string name)
    {
        string unique = name;
        for (int number = 2; !_names.Add(unique); number++)
        {
            unique = $"{name}_{number}";
        }

        return unique;
    }
}
