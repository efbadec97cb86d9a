namespace VisionSeqModels.Studies;

/// <summary>Claims a trial's row. Several threads may use it.</summary>
internal sealed class TrialClaims(Connections connections, LedgerTables tables)
{
    private readonly Lock _own = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public StudyClaim? Claim(IReadOnlyList<string> trials, ClaimRequest request)
    {
        while (true)
        {
            var attempt = Guid.NewGuid();
            var (claim, isGivenUp) = connections.Do(session =>
                Before(session, attempt) ?? Take(session, trials, request, attempt)
            );
            Know(trials);
            if (!isGivenUp)
            {
                return claim;
            }
        }
    }

    /// <summary>What this very attempt has done already, over a connection that was lost behind the commit; null for
    /// nothing.</summary>
    private (StudyClaim? Claim, bool IsGivenUp)? Before(Session session, Guid attempt)
    {
        var made = session.All(
            $"""
            SELECT w.trial, w.token, w.worker, t.files_version, t.status
            FROM {tables.Schema}.writes w JOIN {tables.Schema}.trials t USING (study, trial)
            WHERE w.attempt = @0 AND w.kind = 'claimed'
            """,
            row =>
                (
                    new StudyClaim
                    {
                        Trial = row.GetString(0),
                        Token = row.GetInt64(1),
                        Worker = row.GetString(2),
                        HasState = row.GetInt64(3) > 0,
                    },
                    row.GetString(4) == "failed"
                ),
            attempt
        );
        return made.Count == 0 ? null : made[0];
    }

    private (StudyClaim? Claim, bool IsGivenUp) Take(
        Session session,
        IReadOnlyList<string> trials,
        ClaimRequest request,
        Guid attempt
    )
    {
        // Each ledger object adds a trial's row once. Where nothing is free the rows may have been removed: then it looks.
        AddRows(session, Unknown(trials));
        var row = Find(session, trials);
        if (row is null && AddRows(session, trials) > 0)
        {
            row = Find(session, trials);
        }

        if (row is null)
        {
            return (null, false);
        }

        var claim = new StudyClaim
        {
            Trial = row.Trial,
            Token = row.Token + 1,
            Worker = request.Worker,
            HasState = row.HasState,
        };
        session.Run(
            $"""
            UPDATE {tables.Schema}.trials SET status = 'claimed', token = @2, worker = @3, lease = @4,
                lease_until = clock_timestamp() + @4, version = version + 1, reason = NULL, lost_claims = @5
            WHERE study = @0 AND trial = @1
            """,
            tables.Study,
            claim.Trial,
            claim.Token,
            claim.Worker,
            request.Lease,
            row.Lost
        );
        tables.Note(session, claim, "claimed", attempt, request);
        if (row.Lost < request.MostLostClaims)
        {
            return (claim, false);
        }

        GiveUp(session, claim, ClaimRequest.ReasonOfLostClaims(row.Lost, row.Epoch, row.Worker), attempt);
        return (null, true);
    }

    /// <summary>The first of some trials that is free, locked.</summary>
    private Row? Find(Session session, IReadOnlyList<string> trials) =>
        session
            .All(
                $"""
                SELECT t.trial, t.token, t.worker, t.status = 'claimed' AS open, t.lost_claims, t.files_version, t.epoch
                FROM unnest(@1) WITH ORDINALITY AS wanted (trial, place)
                JOIN {tables.Schema}.trials t ON t.study = @0 AND t.trial = wanted.trial
                WHERE t.status = 'released' OR (t.status = 'claimed' AND t.lease_until < clock_timestamp())
                ORDER BY wanted.place LIMIT 1
                FOR UPDATE OF t SKIP LOCKED
                """,
                row => new Row(
                    Trial: row.GetString(0),
                    Token: row.GetInt64(1),
                    Worker: row.GetString(2),
                    Lost: row.GetInt32(4) + (row.GetBoolean(3) ? 1 : 0),
                    HasState: row.GetInt64(5) > 0,
                    Epoch: row.Get<int>("epoch")
                ),
                tables.Study,
                trials.ToArray()
            )
            .SingleOrDefault();

    private int AddRows(Session session, IReadOnlyList<string> trials) =>
        trials.Count == 0
            ? 0
            : session.Run(
                $"INSERT INTO {tables.Schema}.trials (study, trial) SELECT @0, unnest(@1) ORDER BY 2 ON CONFLICT DO NOTHING",
                tables.Study,
                trials.ToArray()
            );

    private List<string> Unknown(IReadOnlyList<string> trials)
    {
        lock (_own)
        {
            return [.. trials.Where(trial => !_known.Contains(trial))];
        }
    }

    private void Know(IReadOnlyList<string> trials)
    {
        lock (_own)
        {
            _known.UnionWith(trials);
        }
    }

    private void GiveUp(Session session, StudyClaim claim, string reason, Guid attempt)
    {
        session.Run(
            $"""
            UPDATE {tables.Schema}.trials SET status = 'failed', version = version + 1, lease_until = NULL, reason = @3
            WHERE study = @0 AND trial = @1 AND token = @2
            """,
            tables.Study,
            claim.Trial,
            claim.Token,
            reason
        );
        tables.Note(session, claim, "failed", attempt);
    }

    private sealed record Row(string Trial, long Token, string Worker, int Lost, bool HasState, int Epoch);
}
