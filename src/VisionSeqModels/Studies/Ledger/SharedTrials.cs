using Microsoft.Extensions.Logging;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>The trials of a study that several processes run over a ledger. Which one is next follows each time from what the
/// ledger has by then.</summary>
/// <param name="folder">The study's folder of this worker.</param>
/// <param name="options">The study's options.</param>
/// <param name="records">What trials have come to.</param>
/// <param name="record">The study's record.</param>
/// <param name="machine">This machine.</param>
/// <param name="schedule">Makes the schedule of all trials as they are now.</param>
/// <param name="logger">Who hears of what goes wrong.</param>
/// <param name="stop">Asks this worker to end.</param>
internal sealed class SharedTrials(
    string folder,
    StudyOptions options,
    LedgerRecords records,
    StudyRecord record,
    WorkerMachine machine,
    Func<ITrialSchedule> schedule,
    ILogger logger,
    CancellationToken stop
) : ITrialSource
{
    private const int MostErrors = 8;
    private readonly IStudyLedger _ledger = options.Ledger!;
    private readonly HashSet<string> _left = new(StringComparer.Ordinal);
    private readonly ClaimRequest _request = new()
    {
        Worker = options.WorkerName,
        Lease = options.Lease,
        Machine = machine,
    };
    private int _errors;

    public bool MayGetMore { get; private set; }

    /// <summary>A tenth of the lease, between 50 milliseconds and 2 seconds; longer while the ledger cannot be reached.</summary>
    public TimeSpan Pause =>
        TimeSpan.FromSeconds(Math.Clamp(options.Lease.TotalSeconds / 10, 0.05, 2) * Math.Pow(2, Math.Min(_errors, 5)));

    public TrialSession? Next()
    {
        try
        {
            var next = FindNext();
            _errors = 0;
            return next;
        }
        catch (IOException e) when (++_errors < MostErrors || stop.IsCancellationRequested)
        {
            LogMessages.LedgerUnreachable(logger, _ledger.Name, e.Message);
            MayGetMore = true;
            return null;
        }
    }

    public void Keep(TrialSession session, TrainingHistory? history, Exception? failure, bool canTryAgain)
    {
        if (session.Lost is StaleClaimException lost)
        {
            throw lost;
        }

        session.End(history, failure, canTryAgain || StudyRecord.IsOfTheDisk(failure));
    }

    public void Ended(TrialSession session, TrainingHistory? history, bool failed)
    {
        if (failed && session.Lost is null)
        {
            _left.Add(session.Claim.Trial); // where it may be tried again, then by another worker, or later
        }
    }

    private SharedSession? FindNext()
    {
        for (; ; )
        {
            try
            {
                return FindIn(Now());
            }
            catch (RecordChangedException)
            {
                // Another worker has added trials.
            }
        }
    }

    /// <summary>The schedule of what the ledger has now.</summary>
    private ITrialSchedule Now()
    {
        records.Refresh();
        record.Note(records.Trials);
        MachineRule.Check(options, records.Trials, machine);
        return schedule();
    }

    private SharedSession? FindIn(ITrialSchedule order)
    {
        bool wasLate = false;
        while (order.Next() is TrialJob job)
        {
            var trial = records.Find(job.Trial);
            if (
                _left.Contains(job.Trial.Folder)
                || trial is { Status: LedgerTrialStatus.Claimed, IsLeaseOver: false }
                || !MachineRule.Allows(options, trial, machine)
            )
            {
                continue;
            }

            var claim = _ledger.Claim([job.Trial.Folder], _request with { UntilEpoch = job.UntilEpoch });
            wasLate |= claim is null;
            if (claim is not null && Begin(job, claim) is SharedSession session)
            {
                return session;
            }
        }

        MayGetMore = wasLate || records.Trials.Any(trial => trial.Status == LedgerTrialStatus.Claimed);
        return null;
    }

    /// <summary>Null where this worker has no way to begin the trial: it is given back.</summary>
    private SharedSession? Begin(TrialJob job, StudyClaim claim)
    {
        try
        {
            return new SharedSession(job, _ledger, claim, folder, options, logger, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogMessages.TrialNotBegun(logger, claim.Trial, e.Message);
            _left.Add(claim.Trial);
            _ledger.Release(claim, e.Message, null);
            return null;
        }
    }
}
