namespace VisionSeqModels.Metrics;

/// <summary>A loss or a metric that can leave out the samples with one certain label.</summary>
internal interface IIgnoresLabels
{
    /// <summary>The label that is left out, or null.</summary>
    long? IgnoreIndex { get; }
}
