namespace VisionSeqModels;

/// <summary>How a block of values becomes one.</summary>
public enum PoolingMode
{
    /// <summary>The largest value.</summary>
    Max,

    /// <summary>The mean, as in the original LeNet's subsampling.</summary>
    Average,
}
