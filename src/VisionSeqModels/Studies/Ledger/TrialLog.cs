namespace VisionSeqModels.Studies;

/// <summary>What the entries of a trial's log come to.</summary>
/// <param name="Trial">The trial.</param>
internal sealed record TrialLog(string Trial)
{
    /// <summary>How many entries there are: the next one has this number plus 1.</summary>
    public int Length { get; private init; }

    /// <summary>The newest claim, or null.</summary>
    public LedgerEntry? Claim { get; private init; }

    /// <summary>Whether the newest claim has neither ended nor been given back.</summary>
    public bool IsOpen { get; private init; }

    public bool IsOver => Status is LedgerTrialStatus.Completed or LedgerTrialStatus.Failed;

    public LedgerTrialStatus Status { get; private init; } = LedgerTrialStatus.Released;

    /// <summary>The entry that the newest files came with; 0 where there are none.</summary>
    public int Files { get; private init; }

    /// <summary>The claims that were lost since files were last published.</summary>
    public int Lost { get; private init; }

    public TrialPosition? Position { get; private init; }

    public string? Reason { get; private init; }

    public IReadOnlyList<LedgerClaim> Claims { get; private init; } = [];

    /// <summary>With the next entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="time">When it was appended; it is asked for claims.</param>
    /// <exception cref="InvalidDataException">It cannot have been appended by the rules.</exception>
    public TrialLog With(LedgerEntry entry, Func<DateTimeOffset> time)
    {
        int number = Length + 1;
        if (entry.Kind == LedgerEntryKind.Claimed ? IsOver || entry.Token != number : !IsOpen || entry.Token != Claim!.Token)
        {
            throw new InvalidDataException(
                FormattableString.Invariant(
                    $"Entry {number} in the log of the trial '{Trial}' ({entry.Kind}, token {entry.Token}) cannot follow "
                ) + "the ones before it. Somebody has changed the ledger's files; begin the study again."
            );
        }

        var next = entry.Kind == LedgerEntryKind.Claimed ? Claimed(entry, time) : Written(entry);
        return next with { Length = number, Files = entry.HasFiles ? number : Files, Position = entry.Position ?? Position };
    }

    private TrialLog Claimed(LedgerEntry entry, Func<DateTimeOffset> time) =>
        this with
        {
            Claim = entry,
            IsOpen = true,
            Status = LedgerTrialStatus.Claimed,
            Lost = IsOpen ? Lost + 1 : Lost,
            Reason = null,
            Claims = entry.Machine is null
                ? Claims
                :
                [
                    .. Claims,
                    new LedgerClaim
                    {
                        Token = entry.Token,
                        Worker = entry.Worker,
                        Machine = entry.Machine,
                        Time = time(),
                        UntilEpoch = entry.UntilEpoch,
                    },
                ],
        };

    private TrialLog Written(LedgerEntry entry) =>
        this with
        {
            IsOpen = entry.Kind == LedgerEntryKind.Published,
            Status = entry.Kind switch
            {
                LedgerEntryKind.Completed => LedgerTrialStatus.Completed,
                LedgerEntryKind.Failed => LedgerTrialStatus.Failed,
                LedgerEntryKind.Released => LedgerTrialStatus.Released,
                _ => LedgerTrialStatus.Claimed,
            },
            Lost = entry.HasFiles ? 0 : Lost,
            Reason = entry.Reason,
        };
}
