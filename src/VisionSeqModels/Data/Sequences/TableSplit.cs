namespace VisionSeqModels;

/// <summary>How a table is divided into a training part and a test part.</summary>
public enum TableSplit
{
    /// <summary>Whole sequences, drawn by the seed; with classes the same fraction of each.</summary>
    Sequence,

    /// <summary>Whole groups of sequences, drawn by the seed.</summary>
    Group,

    /// <summary>What comes later is for testing. What lies on both sides of the split point is left out.</summary>
    Time,
}
