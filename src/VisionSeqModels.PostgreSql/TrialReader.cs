using System.Data;
using Npgsql;

namespace VisionSeqModels.Studies;

/// <summary>Reads trials and their files.</summary>
internal sealed class TrialReader(Connections connections, LedgerTables tables)
{
    public IReadOnlyList<LedgerTrial> All() => connections.Do(session => Select(session, "token > 0"));

    /// <summary>One trial that has a row.</summary>
    public LedgerTrial One(Session session, string trial) =>
        Select(session, "trial = @1", trial).SingleOrDefault()
        ?? throw new InvalidDataException($"The trial '{trial}' is not in the database any more; somebody has removed it.");

    public byte[]? Read(string trial, string name) =>
        connections.Do(session =>
            session.One<byte[]>(
                $"SELECT content FROM {tables.Schema}.files WHERE study = @0 AND trial = @1 AND name = @2",
                tables.Study,
                trial,
                name
            )
        );

    /// <summary>All files of one moment, <c>run.json</c> the last.</summary>
    public bool Fetch(string trial, string folder) =>
        connections.Do(session =>
        {
            session.Run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            var names = session.All(
                $"""
                SELECT name FROM {tables.Schema}.files WHERE study = @0 AND trial = @1
                ORDER BY name = 'run.json', name
                """,
                row => row.GetString(0),
                tables.Study,
                trial
            );
            foreach (string name in names)
            {
                TrialFile.Write(folder, name, file => Copy(session, trial, name, file));
            }

            return names.Count > 0;
        });

    private void Copy(Session session, string trial, string name, Stream file)
    {
        using var command = session.Command(
            $"SELECT content FROM {tables.Schema}.files WHERE study = @0 AND trial = @1 AND name = @2",
            tables.Study,
            trial,
            name
        );
        using var reader = session.Read(command, CommandBehavior.SequentialAccess);
        reader.Read();
        using var content = reader.GetStream(0);
        content.CopyTo(file);
    }

    private List<LedgerTrial> Select(Session session, string condition, string? trial = null)
    {
        var claims = session
            .All(
                $"""
                SELECT trial, token, worker, at, until_epoch, architecture, instruction_set, torchsharp, threads, cuda
                FROM {tables.Schema}.writes
                WHERE study = @0 AND kind = 'claimed' {(trial is null ? "" : "AND trial = @1")} ORDER BY version
                """,
                row =>
                    (
                        Trial: row.GetString(0),
                        Claim: new LedgerClaim
                        {
                            Token = row.GetInt64(1),
                            Worker = row.GetString(2),
                            Time = row.GetFieldValue<DateTimeOffset>(3),
                            UntilEpoch = row.Get<int?>("until_epoch"),
                            Machine = new WorkerMachine
                            {
                                Architecture = row.GetString(5),
                                InstructionSet = row.GetString(6),
                                TorchSharp = row.GetString(7),
                                Threads = row.GetInt32(8),
                                CudaIsAvailable = row.GetBoolean(9),
                            },
                        }
                    ),
                Values(trial)
            )
            .ToLookup(row => row.Trial, row => row.Claim, StringComparer.Ordinal);
        return session.All(
            $"""
            SELECT *, status = 'claimed' AND lease_until < clock_timestamp() AS lease_is_over FROM {tables.Schema}.trials
            WHERE study = @0 AND {condition}
            """,
            row => Trial(row, claims),
            Values(trial)
        );
    }

    private object[] Values(string? trial) => trial is null ? [tables.Study] : [tables.Study, trial];

    private static LedgerTrial Trial(NpgsqlDataReader row, ILookup<string, LedgerClaim> claims)
    {
        string name = row.Get<string>("trial")!;
        return new LedgerTrial
        {
            Trial = name,
            Status = Enum.Parse<LedgerTrialStatus>(row.Get<string>("status")!, ignoreCase: true),
            Token = row.Get<long>("token"),
            Worker = row.Get<string>("worker")!,
            IsLeaseOver = row.Get<bool>("lease_is_over"),
            Version = row.Get<long>("version"),
            FilesVersion = row.Get<long>("files_version"),
            Position = row.Get<long?>("step") is not long step
                ? null
                : new TrialPosition
                {
                    Epoch = row.Get<int>("epoch"),
                    Epochs = row.Get<int>("epochs"),
                    EpochFraction = row.Get<double?>("epoch_fraction"),
                    Step = step,
                },
            Reason = row.Get<string>("reason"),
            LostClaims = row.Get<int>("lost_claims"),
            Claims = [.. claims[name]],
        };
    }
}
