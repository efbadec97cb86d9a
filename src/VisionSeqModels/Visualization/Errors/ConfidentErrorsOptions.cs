namespace VisionSeqModels.Visualization;

/// <summary>How many errors <see cref="ConfidentErrors"/> keeps.</summary>
public sealed record ConfidentErrorsOptions : ViewOptions
{
    /// <summary>The most errors to keep; default 25, at least 1.</summary>
    public int MaximumCount { get; init; } = 25;

    internal void Validate() => ViewFaults().AtLeast(1, nameof(MaximumCount), MaximumCount).ThrowIfAny();
}
