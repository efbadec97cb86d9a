namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="ActivationStatistics"/> measures.</summary>
public sealed record ActivationStatisticsOptions : ViewOptions
{
    /// <summary>The names of the layers, as in <c>named_modules()</c>, for example <c>conv1</c>. Null (default) for each
    /// two-dimensional convolution's activation: the activation module (ReLU, tanh and the like) that follows it, or the
    /// convolution itself where none does.</summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>The most bins that a histogram may have; default 128, from 8 to 4096. Bins are as narrow as that allows,
    /// and a power of two wide.</summary>
    public int MaximumBinCount { get; init; } = 128;

    internal void Validate() =>
        ViewFaults()
            .Require(Layers is null or { Count: > 0 }, nameof(Layers), "null or at least one name", Layers?.Count)
            .Require(MaximumBinCount is >= 8 and <= 4096, nameof(MaximumBinCount), "from 8 to 4096", MaximumBinCount)
            .ThrowIfAny();
}
