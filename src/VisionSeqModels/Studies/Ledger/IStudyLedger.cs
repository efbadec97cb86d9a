namespace VisionSeqModels.Studies;

/// <summary>Who runs which trial of a study, where several processes work on it: <see cref="StudyOptions.Ledger"/>. It keeps the
/// study's record, the claims of the workers, and the files that trials have come to.</summary>
/// <remarks>
/// <para>The rules that every implementation keeps, and that docs/decisions/0023-ledger.md explains. A claim has a token, which
/// is larger than that of every claim of the trial before. A write is accepted in one indivisible step with the check that its
/// token is the trial's newest and that its claim is open; otherwise nothing changes and the call throws a
/// <see cref="StaleClaimException"/>. A claim whose lease is over can be taken from its worker by <see cref="Claim"/>; until
/// then it stays valid. Leases are measured by one clock, that of the ledger, never by the workers' own.</para>
/// <para>Trials are named by their folder within the study, which has only letters, digits, dots, hyphens and underscores. All
/// members may be called from several threads and processes at once. A ledger that cannot be reached throws an
/// <see cref="IOException"/>; the worker tries again.</para>
/// </remarks>
public interface IStudyLedger
{
    /// <summary>Where the ledger is, for messages and records; it holds no password.</summary>
    string Name { get; }

    /// <summary>The newest record of the study; null where none was written.</summary>
    /// <exception cref="IOException">The ledger cannot be reached.</exception>
    LedgerRecord? ReadRecord();

    /// <summary>Writes the record of the study, unless somebody else has written one since.</summary>
    /// <param name="json">The new record, which is JSON.</param>
    /// <param name="version">The version of the record that the new one was made from; 0 where there was none.</param>
    /// <returns>Whether it was written; its version is then the given one plus 1. False where the newest record has another
    /// version: read it, and try again.</returns>
    /// <exception cref="IOException">The ledger cannot be reached.</exception>
    bool TryWriteRecord(string json, long version);

    /// <summary>Every trial that was ever claimed, in no order; a trial that is not among them is free.</summary>
    /// <exception cref="IOException">The ledger cannot be reached.</exception>
    IReadOnlyList<LedgerTrial> Trials();

    /// <summary>Claims the first of some trials that can be had: one that is free, or one whose lease is over.</summary>
    /// <remarks>Where <see cref="ClaimRequest.MostLostClaims"/> claims of a trial were lost since it last published a state, the
    /// trial fails instead, with that reason, and the next one is looked at. A claim is lost when it is taken from its worker
    /// because its lease is over.</remarks>
    /// <param name="trials">The trials to try, in this order.</param>
    /// <param name="request">Who claims, and for how long.</param>
    /// <returns>The claim, whose lease begins now; null where none can be had.</returns>
    /// <exception cref="IOException">The ledger cannot be reached.</exception>
    StudyClaim? Claim(IReadOnlyList<string> trials, ClaimRequest request);

    /// <summary>Begins the lease again, and notes how far the trial has come.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="position">How far the trial has come, for those who watch.</param>
    /// <exception cref="StaleClaimException">The claim is not the trial's newest, or is not open.</exception>
    /// <exception cref="IOException">The ledger cannot be reached.</exception>
    void Renew(StudyClaim claim, TrialPosition position);

    /// <summary>Keeps a state to resume the trial from, and begins the lease again.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="snapshot">The trial's files, all of them: they replace those that were published before.</param>
    /// <exception cref="StaleClaimException">The claim is not the trial's newest, or is not open.</exception>
    /// <exception cref="IOException">The ledger cannot be reached, or has no room.</exception>
    void Publish(StudyClaim claim, TrialSnapshot snapshot);

    /// <summary>Ends the trial, well or stopped early: nobody claims it again.</summary>
    /// <inheritdoc cref="Publish"/>
    void Complete(StudyClaim claim, TrialSnapshot snapshot);

    /// <summary>Ends the trial as failed: nobody claims it again.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="reason">Why, for the report.</param>
    /// <param name="snapshot">The trial's files, or null to keep those that were published before.</param>
    /// <inheritdoc cref="Publish"/>
    void Fail(StudyClaim claim, string reason, TrialSnapshot? snapshot);

    /// <summary>Gives the claim back, for example where the worker is asked to stop: anybody may claim the trial at
    /// once.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="reason">What kept the worker from continuing, for the report; null where nothing did.</param>
    /// <param name="snapshot">The trial's files, or null to keep those that were published before.</param>
    /// <inheritdoc cref="Publish"/>
    void Release(StudyClaim claim, string? reason, TrialSnapshot? snapshot);

    /// <summary>One file of those that a trial has published last.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="name">The file's <see cref="TrialFile.Name"/>.</param>
    /// <returns>Its content; null where there is none.</returns>
    /// <exception cref="IOException">The ledger cannot be reached.</exception>
    byte[]? Read(string trial, string name);

    /// <summary>Writes all files that a trial has published last into a folder, which is created. Each is whole or
    /// absent, and <c>run.json</c> comes last.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="folder">The folder; files of the same names are replaced, others stay.</param>
    /// <returns>False where the trial has published nothing; the folder is then not created.</returns>
    /// <exception cref="IOException">The ledger cannot be reached, or the folder cannot be written to.</exception>
    bool Fetch(string trial, string folder);

    /// <summary>Ties waits for a ledger that cannot be reached to a worker's token: once that is cancelled, a call tries for a
    /// few more seconds and then throws its <see cref="IOException"/>. So a worker that is asked to stop gives its trials back
    /// where the ledger answers, and ends soon where it does not.</summary>
    /// <param name="cancellationToken">The worker's.</param>
    /// <returns>Ends the tie; null, the default, for a ledger that never waits.</returns>
    IDisposable? LimitWaits(CancellationToken cancellationToken) => null;
}
