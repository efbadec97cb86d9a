namespace VisionSeqModels.Studies;

/// <summary>Writes what a claim's worker has to write, where the claim is still the trial's newest and open.</summary>
internal sealed class TrialWriter(Connections connections, LedgerTables tables, StudyClaim claim)
{
    private const string Position = "epoch = @3, epochs = @4, epoch_fraction = @5::double precision, step = @6";
    private const string Begun = "lease_until = clock_timestamp() + lease";

    public void Renew(TrialPosition position) =>
        connections.Do(session => Change(session, $"{Begun}, {Position}", Values(position)));

    /// <summary>Writes a state, the trial's end, or that it is given back.</summary>
    /// <param name="kind">The line in the history.</param>
    /// <param name="status">What the trial's status becomes.</param>
    /// <param name="reason">Why, or null.</param>
    /// <param name="snapshot">The files; null to keep those that are there.</param>
    public void Write(string kind, string status, string? reason, TrialSnapshot? snapshot)
    {
        var files = snapshot is null ? null : new SnapshotFiles(snapshot.Files);
        var attempt = Guid.NewGuid();
        connections.Do(session =>
        {
            if (session.One<bool>($"SELECT true FROM {tables.Schema}.writes WHERE attempt = @0", attempt))
            {
                return; // over a connection that was lost behind the commit
            }

            Change(
                session,
                $"{Begun}, version = version + 1, status = @7, reason = @8::text"
                    + (snapshot is null ? "" : $", files_version = version + 1, lost_claims = 0, {Position}"),
                [.. Values(snapshot?.Position ?? new TrialPosition()), status, reason]
            );
            tables.Note(session, claim, kind, attempt);
            files?.Write(session, tables, claim.Trial);
            if (snapshot is not null)
            {
                WriteMetrics(session, snapshot.Epochs);
            }
        });
    }

    private static object?[] Values(TrialPosition position) =>
        [position.Epoch, position.Epochs, position.EpochFraction, position.Step];

    private void Change(Session session, string set, object?[] values)
    {
        int rows = session.Run(
            $"UPDATE {tables.Schema}.trials SET {set} WHERE study = @0 AND trial = @1 AND token = @2 AND status = 'claimed'",
            [tables.Study, claim.Trial, claim.Token, .. values]
        );
        if (rows == 0)
        {
            throw new StaleClaimException(claim, new TrialReader(connections, tables).One(session, claim.Trial));
        }
    }

    private void WriteMetrics(Session session, IReadOnlyList<Runs.EpochRecord> epochs)
    {
        var rows = epochs.SelectMany(epoch => epoch.Metrics.Select(metric => (epoch.Epoch, metric.Key, metric.Value))).ToList();
        session.Run($"DELETE FROM {tables.Schema}.metrics WHERE study = @0 AND trial = @1", tables.Study, claim.Trial);
        session.Run(
            $"""
            INSERT INTO {tables.Schema}.metrics (study, trial, epoch, name, value)
            SELECT @0, @1, * FROM unnest(@2, @3, @4)
            """,
            tables.Study,
            claim.Trial,
            rows.Select(row => row.Epoch).ToArray(),
            rows.Select(row => row.Key).ToArray(),
            rows.Select(row => row.Value).ToArray()
        );
    }
}
