namespace VisionSeqModels.Studies;

/// <summary>Decides which trial goes next, and how far. One thread at a time uses it.</summary>
internal interface ITrialSchedule
{
    /// <summary>The next trial, which is then under way; null where there is none now. While others are under way, that may
    /// change.</summary>
    TrialJob? Next();

    /// <summary>Takes note that a trial has ended or paused.</summary>
    /// <param name="job">Which.</param>
    /// <param name="history">Its history, or null where there is none.</param>
    /// <param name="failed">Whether it failed, and goes no further.</param>
    void Ended(TrialJob job, TrainingHistory? history, bool failed);
}

/// <summary>A trial to begin or to resume.</summary>
/// <param name="Number">Its place in the plan, from 1.</param>
/// <param name="Trial">Which.</param>
/// <param name="UntilEpoch">The epoch after which it pauses, or null for its end.</param>
internal sealed record TrialJob(int Number, StudyFile.Entry Trial, int? UntilEpoch = null);

/// <summary>Every trial to its end, in the plan's order.</summary>
internal sealed class PlanOrder(IEnumerable<TrialJob> jobs) : ITrialSchedule
{
    private readonly Queue<TrialJob> _waiting = new(jobs);

    public TrialJob? Next() => _waiting.TryDequeue(out var job) ? job : null;

    public void Ended(TrialJob job, TrainingHistory? history, bool failed) { }
}
