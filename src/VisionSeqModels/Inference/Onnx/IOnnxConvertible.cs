namespace VisionSeqModels.Inference;

/// <summary>A module of your own that <see cref="OnnxExtensions"/> can export: it adds what its <c>forward</c> computes to
/// the graph.</summary>
/// <remarks>Write it like <c>forward</c>, line by line: <c>graph.Add(conv1, input)</c> for a module that is called,
/// <c>graph.Add("Add", [left, right])</c> for an operation. The graph is evaluated while it is made. If it gives other
/// numbers than the model, the export is refused.</remarks>
/// <example>
/// <code>
/// public OnnxValue ToOnnx(OnnxGraph graph, OnnxValue input) =>
///     graph.Add("Add", [input, graph.Add(layers, input)]); // forward: input + layers.call(input)
/// </code>
/// </example>
public interface IOnnxConvertible
{
    /// <summary>Adds what the module computes in evaluation mode.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="input">What <c>forward</c> takes.</param>
    /// <returns>What <c>forward</c> gives.</returns>
    OnnxValue ToOnnx(OnnxGraph graph, OnnxValue input);
}
