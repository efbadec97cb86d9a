namespace VisionSeqModels.Studies;

/// <summary>A claim of a trial as a ledger has recorded it: who ran the trial, when, and on what.</summary>
public sealed record LedgerClaim
{
    /// <summary>The claim's token, which is larger than that of every claim of the trial before.</summary>
    public required long Token { get; init; }

    /// <summary>The worker.</summary>
    public required string Worker { get; init; }

    /// <summary>What the worker runs on.</summary>
    public required WorkerMachine Machine { get; init; }

    /// <summary>When, by the clock of the ledger's server: it orders the claims of all trials.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The epoch after which the worker was to give the trial back, see <see cref="ClaimRequest.UntilEpoch"/>; null for
    /// the trial's end.</summary>
    public int? UntilEpoch { get; init; }
}
