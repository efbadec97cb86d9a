namespace VisionSeqModels.Visualization;

/// <summary>What a rectifier does with the signal that comes down to it.</summary>
internal enum ReluRule
{
    /// <summary>The gradient: lets through where the input was above 0.</summary>
    Gradient,

    /// <summary>Lets through what is above 0 itself. Zeiler and Fergus (2013).</summary>
    Deconvnet,

    /// <summary>Both. Springenberg et al. (2014).</summary>
    Guided,
}
