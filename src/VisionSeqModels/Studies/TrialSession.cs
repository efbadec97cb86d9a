using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>A trial under way in this process, from its claim to its end.</summary>
internal class TrialSession(TrialJob job, IStudyLedger ledger, StudyClaim claim, string folder) : IDisposable
{
    public TrialJob Job => job;

    public StudyClaim Claim => claim;

    /// <summary>Where it trains.</summary>
    public string Folder => folder;

    /// <summary>Set where another worker has taken the trial: what this one still does is dropped.</summary>
    public virtual StaleClaimException? Lost => null;

    /// <summary>Cancelled where the claim is lost.</summary>
    public virtual CancellationToken Token => CancellationToken.None;

    /// <summary>A callback that keeps the claim alive, or null.</summary>
    public virtual Callback? Watch() => null;

    protected IStudyLedger Ledger => ledger;

    /// <summary>Says to the ledger what came of the trial.</summary>
    /// <param name="history">Its history, or null where there is none.</param>
    /// <param name="failure">Why it failed, or null.</param>
    /// <param name="canTryAgain">Whether the failure is not the trial's own.</param>
    /// <exception cref="StaleClaimException">Another worker has the trial.</exception>
    public virtual void End(TrainingHistory? history, Exception? failure, bool canTryAgain) =>
        Write(Snapshot(history?.Epochs ?? [], history?.Epochs.Count ?? 0, []), history, failure, canTryAgain);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    protected void Write(TrialSnapshot snapshot, TrainingHistory? history, Exception? failure, bool canTryAgain)
    {
        var files = snapshot.Files.Count == 0 && ledger is not LogLedger ? null : snapshot;
        if (failure is not null && !canTryAgain)
        {
            ledger.Fail(claim, failure.Message, files);
        }
        else if (failure is not null || history?.StopReason is null or StopReason.Cancelled)
        {
            ledger.Release(claim, failure?.Message, files);
        }
        else
        {
            ledger.Complete(claim, snapshot);
        }
    }

    protected static TrialSnapshot Snapshot(IReadOnlyList<EpochRecord> epochs, int epoch, IReadOnlyList<TrialFile> files) =>
        new()
        {
            Position = new TrialPosition { Epoch = epoch, Step = epochs.Sum(record => (long)record.Steps) },
            Epochs = [.. epochs],
            Files = files,
        };
}
