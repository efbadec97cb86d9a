namespace VisionSeqModels.Studies;

/// <summary>What a <see cref="StudyProgress"/> reports.</summary>
public enum TrialEvent
{
    /// <summary>The trial was over before the study was run this time.</summary>
    DoneBefore,

    /// <summary>It begins, or resumes.</summary>
    Started,

    /// <summary>It is within an epoch; reported a few times a second at most.</summary>
    Training,

    /// <summary>It has finished an epoch.</summary>
    EpochEnd,

    /// <summary>It pauses: successive halving decides whether it continues.</summary>
    Paused,

    /// <summary>It has ended, well or not, or was cancelled.</summary>
    Ended,

    /// <summary>It is within an evaluation; reported a few times a second at most.</summary>
    Evaluating,

    /// <summary>This process was late, and another worker has taken the trial.</summary>
    Lost,
}
