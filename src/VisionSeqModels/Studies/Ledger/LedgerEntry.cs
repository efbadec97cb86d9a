namespace VisionSeqModels.Studies;

/// <summary>An entry of a trial's log. The token of a claim is the entry's own number; other entries have that of their
/// claim.</summary>
internal sealed record LedgerEntry
{
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    public required LedgerEntryKind Kind { get; init; }

    public required long Token { get; init; }

    public required string Worker { get; init; }

    /// <summary>Tells two entries with the same content apart.</summary>
    public required string Nonce { get; init; }

    /// <summary>When, by the worker's clock: for people, never for a lease.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>How long a claim lasts without a sign of life.</summary>
    public double? LeaseSeconds { get; init; }

    public WorkerMachine? Machine { get; init; }

    /// <summary>How far the worker is to take the trial; null for its end.</summary>
    public int? UntilEpoch { get; init; }

    public TrialPosition? Position { get; init; }

    public string? Reason { get; init; }

    /// <summary>Whether the trial's files came with it.</summary>
    public bool HasFiles { get; init; }
}
