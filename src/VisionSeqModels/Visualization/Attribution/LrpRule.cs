namespace VisionSeqModels.Visualization;

/// <summary>How <see cref="Attribution.Lrp"/> passes a layer's relevance to the layer's inputs.</summary>
public enum LrpRule
{
    /// <summary>By what each input adds, its value times its weight, over the sum of all plus
    /// <see cref="LrpOptions.Epsilon"/>.</summary>
    Epsilon,

    /// <summary>As <see cref="Epsilon"/>, with what agrees with the sign of the sum enlarged by
    /// <see cref="LrpOptions.Gamma"/>.</summary>
    Gamma,

    /// <summary>By what each input adds, where that is positive; the rest gets none.</summary>
    ZPlus,
}
