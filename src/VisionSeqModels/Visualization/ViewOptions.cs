using VisionSeqModels.Core;

namespace VisionSeqModels.Visualization;

/// <summary>What the options of all views over data have in common.</summary>
public abstract record ViewOptions
{
    /// <summary>Samples in a batch; default 256, at least 1. It changes speed and memory only.</summary>
    public int BatchSize { get; init; } = 256;

    private protected OptionFaults ViewFaults() => new OptionFaults(GetType().Name).AtLeast(1, nameof(BatchSize), BatchSize);
}
