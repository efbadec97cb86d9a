namespace VisionSeqModels.Inference;

/// <summary>One operation of a graph.</summary>
/// <param name="Name">Its name: the module's place and the operator.</param>
/// <param name="Operator">The operator of the default domain, for example <c>Conv</c>.</param>
/// <param name="Inputs">Names of values; an empty name where an optional one is left out.</param>
/// <param name="Outputs">Names of the values that it gives; an empty name for one that nobody asked for.</param>
/// <param name="Attributes">Its settings.</param>
internal sealed record OnnxNode(
    string Name,
    string Operator,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    OnnxAttributes Attributes
);
