namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="GradientFlow"/> measures.</summary>
public sealed record GradientFlowOptions : ViewOptions
{
    /// <summary>How many samples, from the first; default 256, at least 1. Where the data has fewer, all of them.</summary>
    public int SampleCount { get; init; } = 256;

    /// <summary>Makes the defaults. <see cref="ViewOptions.BatchSize"/> is 64, smaller than other views': the graph of all
    /// steps of a batch is in memory at once.</summary>
    public GradientFlowOptions() => BatchSize = 64;

    internal void Validate() => ViewFaults().AtLeast(1, nameof(SampleCount), SampleCount).ThrowIfAny();
}
