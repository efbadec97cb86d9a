namespace VisionSeqModels.Training;

/// <summary>The order of callbacks: look, then decide, then write, then tell.</summary>
public enum CallbackStage
{
    /// <summary>Looks at what happened, or changes it.</summary>
    Observe,

    /// <summary>Decides, for example to stop.</summary>
    Decide,

    /// <summary>Writes what must not be lost.</summary>
    Persist,

    /// <summary>Tells people: progress, charts.</summary>
    Report,
}
