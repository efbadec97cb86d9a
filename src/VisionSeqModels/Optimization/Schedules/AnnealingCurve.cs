namespace VisionSeqModels;

/// <summary>The curve along which a <see cref="OneCycleSchedule"/> moves the learning rate.</summary>
public enum AnnealingCurve
{
    /// <summary>Half a cosine.</summary>
    Cosine,

    /// <summary>A straight line.</summary>
    Linear,
}
