namespace VisionSeqModels;

/// <summary>How the classifier reads a recurrent network's outputs.</summary>
public enum SequenceReadout
{
    /// <summary>The output at the last step; with two directions, each direction's output at the step where it
    /// ends.</summary>
    Last,

    /// <summary>The mean over all steps.</summary>
    Mean,

    /// <summary>The largest value over all steps, of each unit.</summary>
    Max,

    /// <summary>The output at every step: the model gives an output for each of them, <c>[batch, time, outputs]</c>.</summary>
    EachStep,
}
