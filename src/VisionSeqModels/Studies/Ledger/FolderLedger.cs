namespace VisionSeqModels.Studies;

/// <summary>A ledger in a folder that all workers see: on this machine, or on a file server (NFS, Lustre, SMB). Nothing is to be
/// installed, and nothing keeps running.</summary>
/// <remarks>It needs no locks. Each trial has a log of numbered entries; a number has one writer, since a folder cannot be
/// renamed to one that is there. Leases are measured by the time stamps that the file server sets, so the workers' clocks do
/// not matter. An entry never changes; only files that newer ones have replaced are removed.</remarks>
public sealed class FolderLedger : IStudyLedger
{
    private readonly LogLedger _log;

    /// <summary>Opens a ledger, or begins one.</summary>
    /// <param name="folder">The folder, for example <c>ledger</c> within the study's.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public FolderLedger(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _log = new LogLedger(new FolderStore(folder));
    }

    /// <inheritdoc/>
    public string Name => _log.Name;

    /// <inheritdoc/>
    public LedgerRecord? ReadRecord() => _log.ReadRecord();

    /// <inheritdoc/>
    public bool TryWriteRecord(string json, long version)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(json);
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return _log.TryWriteRecord(json, version);
    }

    /// <inheritdoc/>
    public IReadOnlyList<LedgerTrial> Trials() => _log.Trials();

    /// <inheritdoc/>
    public StudyClaim? Claim(IReadOnlyList<string> trials, ClaimRequest request) => _log.Claim(trials, request);

    /// <inheritdoc/>
    public void Renew(StudyClaim claim, TrialPosition position) => _log.Renew(claim, position);

    /// <inheritdoc/>
    public void Publish(StudyClaim claim, TrialSnapshot snapshot) => _log.Publish(claim, snapshot);

    /// <inheritdoc/>
    public void Complete(StudyClaim claim, TrialSnapshot snapshot) => _log.Complete(claim, snapshot);

    /// <inheritdoc/>
    public void Fail(StudyClaim claim, string reason, TrialSnapshot? snapshot) => _log.Fail(claim, reason, snapshot);

    /// <inheritdoc/>
    public void Release(StudyClaim claim, string? reason, TrialSnapshot? snapshot) => _log.Release(claim, reason, snapshot);

    /// <inheritdoc/>
    public byte[]? Read(string trial, string name) => _log.Read(trial, name);

    /// <inheritdoc/>
    public bool Fetch(string trial, string folder) => _log.Fetch(trial, folder);
}
