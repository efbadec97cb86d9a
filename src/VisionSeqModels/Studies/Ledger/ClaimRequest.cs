namespace VisionSeqModels.Studies;

/// <summary>Who asks a ledger for a trial, and for how long.</summary>
public sealed record ClaimRequest
{
    /// <summary>The worker's name.</summary>
    public required string Worker { get; init; }

    /// <summary>How long the claim is the worker's own without a sign of life from it.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>What the worker runs on.</summary>
    public required WorkerMachine Machine { get; init; }

    /// <summary>How many claims of a trial may be lost, with no state published between them, before the trial fails instead of
    /// being tried again; default 3.</summary>
    public int MostLostClaims { get; init; } = 3;

    /// <summary>The epoch after which the worker gives the trial back, for successive halving; default null, for the trial's end.
    /// A ledger only records it: <see cref="LedgerClaim.UntilEpoch"/>.</summary>
    public int? UntilEpoch { get; init; }

    /// <summary>The reason with which a trial fails whose claims were lost too often; the same from every ledger.</summary>
    /// <param name="lost">How many claims were lost.</param>
    /// <param name="epoch">The epoch that the trial had come to; 0 before the first.</param>
    /// <param name="worker">The worker of the last one.</param>
    public static string ReasonOfLostClaims(int lost, int epoch, string worker) =>
        FormattableString.Invariant($"{lost} workers were lost with this trial")
        + (epoch > 0 ? FormattableString.Invariant($" in epoch {epoch}") : " before its first epoch was done")
        + $", the last '{worker}', with no state published between them. A trial that ends its process, or hangs, is not tried "
        + "again.";
}
