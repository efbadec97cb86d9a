namespace VisionSeqModels.Training;

/// <summary>A callback that watches a metric.</summary>
internal interface IMonitor
{
    /// <summary>The metric's name, or null for the run's default.</summary>
    string? Monitor { get; }
}
