namespace VisionSeqModels.Training;

/// <summary>The order of callbacks: observe, then decide, then write, then report.</summary>
public enum CallbackStage
{
    /// <summary>Looks at what happened, or changes it.</summary>
    Observe,

    /// <summary>Decides, for example to stop.</summary>
    Decide,

    /// <summary>Writes what must not be lost.</summary>
    Persist,

    /// <summary>Reports to people: progress, charts. What such a callback throws after OnFitStart is a warning, in the log and
    /// in <see cref="TrainingHistory.Warnings"/>: a report never costs a result.</summary>
    Report,
}
