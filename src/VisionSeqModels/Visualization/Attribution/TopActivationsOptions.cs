namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="TopActivations"/> looks for. Its <see cref="ViewOptions.BatchSize"/> counts images, and then
/// projections.</summary>
public sealed record TopActivationsOptions : ViewOptions
{
    /// <summary>The layer, as in <c>named_modules()</c>: a convolution, its activation, or the pooling after it; null
    /// (default) for the last one that gives maps of more than one pixel.</summary>
    public string? Layer { get; init; }

    /// <summary>The most images to keep for each map; default 9, at least 1.</summary>
    public int MaximumCount { get; init; } = 9;

    internal void Validate() => ViewFaults().AtLeast(1, nameof(MaximumCount), MaximumCount).ThrowIfAny();
}
