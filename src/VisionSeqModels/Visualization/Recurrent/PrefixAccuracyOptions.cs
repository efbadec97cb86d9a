using VisionSeqModels.Core;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="PrefixAccuracy"/> measures.</summary>
public sealed record PrefixAccuracyOptions
{
    /// <summary>Which numbers of steps the model sees, each at least 1 and at most the steps there are; null (default) for all
    /// where there are up to 64, else 64 spread evenly.</summary>
    public IReadOnlyList<int>? Steps { get; init; }

    /// <summary>Samples in a batch; default 256, at least 1. It changes speed and memory only.</summary>
    public int BatchSize { get; init; } = 256;

    internal void Validate() =>
        new OptionFaults(nameof(PrefixAccuracyOptions))
            .Require(Steps is null || Steps.Count > 0, nameof(Steps), "null or at least one number of steps", Steps?.Count)
            .AtLeast(1, nameof(BatchSize), BatchSize)
            .ThrowIfAny();
}
