namespace VisionSeqModels.Visualization;

/// <summary>How <see cref="ConfusionMatrix"/> counts.</summary>
public sealed record ConfusionMatrixOptions : ViewOptions
{
    /// <summary>A name for each class; null (default) for those of the data, or the classes' numbers where it has none.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>The label of samples that do not count, as in <see cref="Losses.CrossEntropy"/>; default null, none.</summary>
    public long? IgnoreIndex { get; init; }

    internal void Validate() =>
        ViewFaults()
            .Require(ClassNames is null or { Count: > 0 }, nameof(ClassNames), "null or a name for each class", ClassNames?.Count)
            .ThrowIfAny();
}
