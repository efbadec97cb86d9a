using VisionSeqModels.Core;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Faults;

/// <summary>As if the library did not flush contents.</summary>
internal sealed class DiskWithoutFlushes(string folder, DiskImage image) : SimulatedDisk(folder, image)
{
    protected override void FlushContent(FileNode file) { }
}

/// <summary>As if the library renamed a file before it flushes it.</summary>
internal sealed class DiskWithLateFlushes(string folder, DiskImage image) : SimulatedDisk(folder, image)
{
    private FileNode? _waiting;

    protected override void FlushContent(FileNode file) => _waiting = file;

    protected override void FlushEntries(FolderNode folder)
    {
        _waiting?.Flush();
        base.FlushEntries(folder);
    }
}

/// <summary>As if the library renewed the lease of a trial's newest claim, whoever asks.</summary>
internal sealed class LedgerWithoutTokens(string folder) : IStudyLedger
{
    private readonly FolderLedger _ledger = new(folder);

    public string Name => _ledger.Name;

    public LedgerRecord? ReadRecord() => _ledger.ReadRecord();

    public bool TryWriteRecord(string json, long version) => _ledger.TryWriteRecord(json, version);

    public IReadOnlyList<LedgerTrial> Trials() => _ledger.Trials();

    public StudyClaim? Claim(IReadOnlyList<string> trials, ClaimRequest request) => _ledger.Claim(trials, request);

    public void Renew(StudyClaim claim, TrialPosition position)
    {
        long newest = _ledger.Trials().Single(trial => trial.Trial == claim.Trial).Token;
        string path = Path.Combine(folder, "trials", claim.Trial, FormattableString.Invariant($"lease-{newest:000000}.json"));
        using var stream = FileSystem.Current.Open(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        stream.Write("{}"u8);
    }

    public void Publish(StudyClaim claim, TrialSnapshot snapshot) => _ledger.Publish(claim, snapshot);

    public void Complete(StudyClaim claim, TrialSnapshot snapshot) => _ledger.Complete(claim, snapshot);

    public void Fail(StudyClaim claim, string reason, TrialSnapshot? snapshot) => _ledger.Fail(claim, reason, snapshot);

    public void Release(StudyClaim claim, string? reason, TrialSnapshot? snapshot) => _ledger.Release(claim, reason, snapshot);

    public byte[]? Read(string trial, string name) => _ledger.Read(trial, name);

    public bool Fetch(string trial, string target) => _ledger.Fetch(trial, target);
}
