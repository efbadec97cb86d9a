namespace VisionSeqModels.Studies;

/// <summary>Decides which trial goes next, and how far. Used by one thread at a time.</summary>
internal interface ITrialSchedule
{
    /// <summary>The next one, which is then under way; null where there is none now. While others are under way, that may
    /// change.</summary>
    TrialJob? Next();

    /// <summary>Takes note that one has ended or paused.</summary>
    /// <param name="job">Which.</param>
    /// <param name="history">Its record, or null where there is none.</param>
    /// <param name="failed">Whether it failed, and goes no further.</param>
    void Ended(TrialJob job, TrainingHistory? history, bool failed);
}
