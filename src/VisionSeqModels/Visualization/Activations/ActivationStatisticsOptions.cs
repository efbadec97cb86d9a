using VisionSeqModels.Core;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="ActivationStatistics"/> looks at.</summary>
public sealed record ActivationStatisticsOptions
{
    /// <summary> The names of the modules to look at, as in <c>named_modules()</c>, for example <c>conv1</c>. Null
    /// (default) for each two-dimensional convolution's activation: the activation module (ReLU, tanh and the like) that
    /// follows it, or the convolution itself where none does. </summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>Images in a batch; default 256. It changes speed and memory only.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>The most bins that a histogram may have; default 128. Bins are as narrow as that allows, and as wide as a
    /// power of two.</summary>
    public int MaximumBins { get; init; } = 128;

    /// <summary>Stops between batches.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal void Validate() =>
        new OptionFaults(nameof(ActivationStatisticsOptions))
            .Require(Layers is null or { Count: > 0 }, nameof(Layers), "null or at least one name", Layers?.Count)
            .AtLeast(1, nameof(BatchSize), BatchSize)
            .Require(MaximumBins is >= 8 and <= 4096, nameof(MaximumBins), "from 8 to 4096", MaximumBins)
            .ThrowIfAny();
}
