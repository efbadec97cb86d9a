namespace VisionSeqModels.Studies;

/// <summary>The trials of a study that one process runs alone, in their own folders. The claims are kept in memory.</summary>
internal sealed class OwnTrials(string folder, ITrialSchedule schedule, StudyRecord record, WorkerMachine machine) : ITrialSource
{
    private readonly LogLedger _ledger = new(new MemoryStore());
    private readonly ClaimRequest _request = new()
    {
        Worker = "this process",
        Lease = TimeSpan.FromDays(10000),
        Machine = machine,
    };

    public bool MayGetMore => false;

    public TimeSpan Pause => Timeout.InfiniteTimeSpan;

    public TrialSession? Next() =>
        schedule.Next() is not TrialJob job ? null
        : _ledger.Claim([job.Trial.Folder], _request) is StudyClaim claim
            ? new TrialSession(job, _ledger, claim, Path.Combine(folder, job.Trial.Folder))
        : throw new InvalidOperationException(
            $"The trial '{job.Trial.Key}' is under way or over; this is a fault of the schedule."
        );

    public void Keep(TrialSession session, TrainingHistory? history, Exception? failure, bool canTryAgain)
    {
        session.End(history, failure, canTryAgain);
        record.Ended(session.Job.Trial, failure, canTryAgain);
    }

    public void Ended(TrialSession session, TrainingHistory? history, bool failed) =>
        schedule.Ended(session.Job, history ?? record.HistoryOf(session.Job.Trial), failed);
}
