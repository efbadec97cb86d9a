namespace VisionSeqModels.Models;

/// <summary>One row of a <see cref="ModelSummary"/>.</summary>
/// <param name="Name">The module's name within the model, as in checkpoints.</param>
/// <param name="Type">Its type, for example <c>Conv2d</c>.</param>
/// <param name="OutputShape">The shape of its output, of the first tensor where there are several; null where it is
/// unknown, because the layer did not run or is of an unusual kind.</param>
/// <param name="ParameterCount">Elements of its own parameters.</param>
/// <param name="TrainableCount">Elements of those parameters that require gradients.</param>
public sealed record LayerSummary(
    string Name,
    string Type,
    IReadOnlyList<long>? OutputShape,
    long ParameterCount,
    long TrainableCount
);
