using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>What the operators of ONNX compute, after the operators' own definitions, on tensors of libtorch. A graph can hold
/// no others: it could not be compared with the model.</summary>
internal static class OnnxOperators
{
    /// <summary>Computes a node's outputs; an input that is left out is null. The results are tensors of their own.</summary>
    public delegate IReadOnlyList<Tensor> Operator(OnnxAttributes attributes, Tensor?[] inputs);

    /// <summary>One with a single output.</summary>
    public delegate Tensor SingleOperator(OnnxAttributes attributes, Tensor?[] inputs);

    private static readonly Dictionary<string, Operator> Known = ElementwiseOperators
        .All.Concat(ShapeOperators.All)
        .Concat(LinearOperators.All)
        .Concat(PoolingOperators.All)
        .Concat(NormalizationOperators.All)
        .ToDictionary(
            entry => entry.Name,
            entry => (Operator)((attributes, inputs) => [entry.Compute(attributes, inputs)]),
            StringComparer.Ordinal
        );

    static OnnxOperators()
    {
        foreach (var (name, compute) in RecurrentOperators.All)
        {
            Known.Add(name, compute);
        }
    }

    /// <summary>The names of all operators, in order.</summary>
    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    /// <exception cref="NotSupportedException">This library does not know the operator.</exception>
    public static Operator Find(string name, string place) =>
        Known.TryGetValue(name, out var found)
            ? found
            : throw new NotSupportedException(
                $"OnnxGraph cannot evaluate the operator '{name}' of {place}. It knows: {string.Join(", ", Names)}."
            );

    /// <summary>An input that must be there.</summary>
    public static Tensor Needed(this Tensor?[] inputs, int index) =>
        inputs.ElementAtOrDefault(index) ?? throw new ArgumentException($"input {index} is missing.");

    /// <summary>The whole numbers of an input; null where it is left out.</summary>
    public static long[]? Numbers(this Tensor?[] inputs, int index) =>
        inputs.ElementAtOrDefault(index) is Tensor tensor ? [.. tensor.to_type(ScalarType.Int64).data<long>()] : null;
}
