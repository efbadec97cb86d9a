using VisionSeqModels.Core;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="GradientFlow"/> measures.</summary>
public sealed record GradientFlowOptions
{
    /// <summary>How many samples, from the first; default 256, at least 1. Where the data has fewer, all of them.</summary>
    public int SampleCount { get; init; } = 256;

    /// <summary>Samples in a batch; default 64, at least 1. It changes speed and memory only: the graph of all steps of a
    /// batch is in memory at once, which is why it is smaller than other views'.</summary>
    public int BatchSize { get; init; } = 64;

    internal void Validate() =>
        new OptionFaults(nameof(GradientFlowOptions))
            .AtLeast(1, nameof(SampleCount), SampleCount)
            .AtLeast(1, nameof(BatchSize), BatchSize)
            .ThrowIfAny();
}
