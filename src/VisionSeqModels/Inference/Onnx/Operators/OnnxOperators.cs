namespace VisionSeqModels.Inference;

/// <summary>What the operators of ONNX compute, after the operators' own definitions, on tensors of libtorch. A graph can hold
/// no others: it could not be compared with the model.</summary>
internal static class OnnxOperators
{
    private static readonly Dictionary<string, OnnxOperator> Known = ElementwiseOperators
        .All.Concat(ShapeOperators.All)
        .Concat(LinearOperators.All)
        .Concat(PoolingOperators.All)
        .Concat(NormalizationOperators.All)
        .ToDictionary(
            entry => entry.Name,
            entry => (OnnxOperator)((attributes, inputs) => [entry.Compute(attributes, inputs)]),
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
    public static OnnxOperator Find(string name, string place) =>
        Known.TryGetValue(name, out var found)
            ? found
            : throw new NotSupportedException(
                $"OnnxGraph cannot evaluate the operator '{name}' of {place}. It knows: {string.Join(", ", Names)}."
            );
}
