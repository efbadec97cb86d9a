namespace VisionSeqModels.Studies;

/// <summary>One study's rows.</summary>
internal sealed class LedgerTables
{
    private readonly Connections _connections;

    /// <param name="connections">For all calls.</param>
    /// <param name="first">For the first one.</param>
    /// <param name="schema">The tables.</param>
    /// <param name="study">The study's name.</param>
    public LedgerTables(Connections connections, Connections first, LedgerSchema schema, string study)
    {
        (_connections, Schema) = (connections, schema.Quoted);
        Study = first.Do(session =>
        {
            schema.Prepare(session);
            session.Run($"INSERT INTO {Schema}.studies (name) VALUES (@0) ON CONFLICT DO NOTHING", study);
            return session.One<long>($"SELECT id FROM {Schema}.studies WHERE name = @0", study);
        });
    }

    /// <summary>The schema, quoted.</summary>
    public string Schema { get; }

    /// <summary>The study's number.</summary>
    public long Study { get; }

    public LedgerRecord? ReadRecord() =>
        _connections
            .Do(session =>
                session.All(
                    $"SELECT record_version, record::text FROM {Schema}.studies WHERE id = @0 AND record IS NOT NULL",
                    row => new LedgerRecord(row.GetInt64(0), row.GetString(1)),
                    Study
                )
            )
            .SingleOrDefault();

    public bool TryWriteRecord(string json, long version) =>
        _connections.Do(session =>
            session.Run(
                $"""
                UPDATE {Schema}.studies SET record = @1::json, record_version = record_version + 1
                WHERE id = @0 AND record_version = @2
                """,
                Study,
                json,
                version
            ) == 1
            // A connection that was lost behind the commit: the record is there.
            || session.One<bool>(
                $"SELECT record_version = @2 + 1 AND record::text = @1 FROM {Schema}.studies WHERE id = @0",
                Study,
                json,
                version
            )
        );

    /// <summary>Adds a line to the history of accepted writes.</summary>
    public void Note(Session session, StudyClaim claim, string kind, Guid attempt, ClaimRequest? request = null) =>
        session.Run(
            $"""
            INSERT INTO {Schema}.writes (study, trial, version, kind, token, worker, attempt,
                architecture, instruction_set, torchsharp, threads, cuda, until_epoch)
            SELECT study, trial, version, @2, @3, @4, @5, @6::text, @7::text, @8::text,
                @9::integer, @10::boolean, @11::integer
            FROM {Schema}.trials WHERE study = @0 AND trial = @1
            """,
            Study,
            claim.Trial,
            kind,
            claim.Token,
            claim.Worker,
            attempt,
            request?.Machine.Architecture,
            request?.Machine.InstructionSet,
            request?.Machine.TorchSharp,
            request?.Machine.Threads,
            request?.Machine.CudaIsAvailable,
            request?.UntilEpoch
        );
}
