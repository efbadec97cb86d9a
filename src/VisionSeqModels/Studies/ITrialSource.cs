namespace VisionSeqModels.Studies;

/// <summary>Gives a process the trials to run, each with its claim. One thread at a time uses it.</summary>
internal interface ITrialSource
{
    /// <summary>Whether another process may still leave a trial to this one.</summary>
    bool MayGetMore { get; }

    /// <summary>How long to wait before asking again, where there is none now and nobody in this process has ended one.</summary>
    TimeSpan Pause { get; }

    /// <summary>The next trial, which is this process's own from now on; null where there is none now.</summary>
    TrialSession? Next();

    /// <summary>Keeps what came of a trial. Several threads may call it.</summary>
    /// <param name="session">The trial.</param>
    /// <param name="history">Its history, or null where there is none.</param>
    /// <param name="failure">Why it failed, or null.</param>
    /// <param name="canTryAgain">Whether the failure is not the trial's own.</param>
    void Keep(TrialSession session, TrainingHistory? history, Exception? failure, bool canTryAgain);

    /// <summary>Takes note that a trial is no longer under way here.</summary>
    /// <param name="session">The trial.</param>
    /// <param name="history">Its history, or null where there is none.</param>
    /// <param name="failed">Whether it failed.</param>
    void Ended(TrialSession session, TrainingHistory? history, bool failed);
}
