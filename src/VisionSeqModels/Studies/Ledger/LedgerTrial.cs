namespace VisionSeqModels.Studies;

/// <summary>A trial as a ledger has it now.</summary>
public sealed record LedgerTrial
{
    /// <summary>The trial: its folder within the study.</summary>
    public required string Trial { get; init; }

    /// <summary>What became of it.</summary>
    public required LedgerTrialStatus Status { get; init; }

    /// <summary>The token of its newest claim; 0 where it was never claimed.</summary>
    public required long Token { get; init; }

    /// <summary>The worker of its newest claim.</summary>
    public required string Worker { get; init; }

    /// <summary>Whether the newest claim is open and its lease over: whoever asks next gets the trial.</summary>
    public bool IsLeaseOver { get; init; }

    /// <summary>Grows with every accepted write but <see cref="IStudyLedger.Renew"/>: what was read of the trial at one version
    /// stays true while that is the newest.</summary>
    public required long Version { get; init; }

    /// <summary>Grows whenever files are published; 0 where there are none.</summary>
    public long FilesVersion { get; init; }

    /// <summary>How far it has come, as the worker last said; null where it has not said.</summary>
    public TrialPosition? Position { get; init; }

    /// <summary>Why it failed, or what kept the last worker from continuing; null for nothing.</summary>
    public string? Reason { get; init; }

    /// <summary>How many claims were lost since it last published a state.</summary>
    public int LostClaims { get; init; }

    /// <summary>Its claims, the oldest first.</summary>
    public IReadOnlyList<LedgerClaim> Claims { get; init; } = [];

    /// <summary>What its claims were made on, the oldest first, each once.</summary>
    public IReadOnlyList<WorkerMachine> Machines => [.. Claims.Select(claim => claim.Machine).Distinct()];
}
