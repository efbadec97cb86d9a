namespace VisionSeqModels.Models;

/// <summary>One row of a <see cref="ModelSummary"/>.</summary>
/// <param name="Name">The module's name within the model, as in checkpoints.</param>
/// <param name="Type">Its type, for example <c>Conv2d</c>.</param>
/// <param name="OutputShape">The shape of its output in its first call, of the first tensor where there are several. Null
/// where it is unknown: the layer did not run by <c>call</c>, or is of an unusual kind.</param>
/// <param name="ParameterCount">Elements of its own parameters that no row above has: one that several modules share counts
/// once.</param>
/// <param name="TrainableCount">Elements of those parameters that require gradients.</param>
public sealed record LayerSummary(
    string Name,
    string Type,
    IReadOnlyList<long>? OutputShape,
    long ParameterCount,
    long TrainableCount
)
{
    /// <summary>How often the module ran; 0 where it did not, or not by <c>call</c>.</summary>
    public int CallCount { get; init; }

    /// <summary>Multiplications with an addition in all its calls, for the whole batch; 0 for layers without weights, null
    /// where they are not known.</summary>
    public long? MultiplyAdds { get; init; }

    /// <summary>The sizes of its kernel, for example <c>[5, 5]</c>; null for a layer without one.</summary>
    public IReadOnlyList<long>? KernelSize { get; init; }

    /// <summary>How many modules it is within, from 0.</summary>
    public int Depth { get; init; }

    /// <summary>Whether it has a parameter that a row above counts.</summary>
    public bool SharesParameters { get; init; }
}
