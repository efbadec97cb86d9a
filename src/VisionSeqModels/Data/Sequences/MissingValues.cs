namespace VisionSeqModels;

/// <summary>What a table's missing feature values become.</summary>
public enum MissingValues
{
    /// <summary>They are faults of the file.</summary>
    Refuse,

    /// <summary>They become 0, in the units of the file.</summary>
    Zero,

    /// <summary>They become the mean of the feature over the training part, which is 0 once normalised.</summary>
    TrainingMean,

    /// <summary>They become the last value before them in their sequence; before its first value, the training part's
    /// mean.</summary>
    ForwardFill,
}
