namespace VisionSeqModels.Models;

/// <summary>One row of a <see cref="ModelSummary"/>.</summary>
/// <param name="Name">The module's name within the model, as in checkpoints.</param>
/// <param name="Type">Its type, for example <c>Conv2d</c>.</param>
/// <param name="OutputShape">The shape of what it gave, of its first tensor where it gives several; null where that could
/// not be seen.</param>
/// <param name="ParameterCount">Elements of its own parameters.</param>
/// <param name="TrainableCount">Those of them that ask for gradients.</param>
public sealed record LayerSummary(
    string Name,
    string Type,
    IReadOnlyList<long>? OutputShape,
    long ParameterCount,
    long TrainableCount
);
