namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="PrefixAccuracy"/> measures.</summary>
public sealed record PrefixAccuracyOptions : ViewOptions
{
    /// <summary>Which numbers of steps the model sees, each at least 1 and at most the steps there are; null (default) for all
    /// where there are up to 64, else 64 spread evenly.</summary>
    public IReadOnlyList<int>? Steps { get; init; }

    internal void Validate() =>
        ViewFaults()
            .Require(Steps is null || Steps.Count > 0, nameof(Steps), "null or at least one number of steps", Steps?.Count)
            .ThrowIfAny();
}
