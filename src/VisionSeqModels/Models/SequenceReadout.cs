namespace VisionSeqModels;

/// <summary>Which of a recurrent network's outputs feeds the classifier.</summary>
public enum SequenceReadout
{
    /// <summary>The output at the last step; with two directions, each one's at the end of its own way through the
    /// sequence.</summary>
    Last,

    /// <summary>The mean over all steps.</summary>
    Mean,

    /// <summary>The largest value over all steps, of each unit.</summary>
    Max,
}
