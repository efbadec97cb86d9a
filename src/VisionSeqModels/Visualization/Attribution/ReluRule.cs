namespace VisionSeqModels.Visualization;

/// <summary>What a ReLU does with the signal of the backward pass.</summary>
internal enum ReluRule
{
    /// <summary>The gradient: keeps the signal where the input was above 0.</summary>
    Gradient,

    /// <summary>Keeps what is above 0 in the signal itself. Zeiler and Fergus (2013).</summary>
    Deconvnet,

    /// <summary>Both. Springenberg et al. (2014).</summary>
    Guided,
}
