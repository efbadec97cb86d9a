namespace VisionSeqModels.Studies;

/// <summary>A worker wrote with a claim that is no longer its own: it was late, and its lease was over. Nothing was changed. The
/// worker drops the trial, which another has resumed from the last published state, and takes the next.</summary>
public sealed class StaleClaimException : InvalidOperationException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="claim">The claim that was refused.</param>
    /// <param name="newest">The trial as it is now.</param>
    public StaleClaimException(StudyClaim claim, LedgerTrial newest)
        : base(Text(claim, newest)) => (Claim, Newest) = (claim, newest);

    /// <summary>The claim that was refused.</summary>
    public StudyClaim Claim { get; }

    /// <summary>The trial as it is now.</summary>
    public LedgerTrial Newest { get; }

    private static string Text(StudyClaim claim, LedgerTrial newest)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(newest);
        string now = newest.Token == claim.Token ? "is over" : FormattableString.Invariant($"has the token {newest.Token}"),
            by = newest.Token == claim.Token ? "" : $", of the worker '{newest.Worker}'";
        return FormattableString.Invariant(
                $"The claim of '{claim.Worker}' on the trial '{claim.Trial}' has the token {claim.Token}, "
            )
            + $"but the trial's newest claim {now}{by}. The worker gave no sign of life for longer than its lease, so its "
            + "work since the last published state is dropped; it continues with the next trial.";
    }
}
