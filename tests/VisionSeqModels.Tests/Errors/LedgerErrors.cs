using Npgsql;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong with a ledger in PostgreSQL, by the ids of docs/errors.</summary>
internal static class LedgerErrors
{
    private const long TooLarge = 1L << 30;

    /// <summary>Those that need no server.</summary>
    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            ("postgres-address", _ => Open("http://host/studies")),
            ("postgres-keys", _ => Open("Host=db;Nothing=1")),
            ("postgres-setting", _ => Open("postgres://worker@host/studies?Nothing=1")),
            ("postgres-password", _ => Open("postgres://worker:secret@host/studies")),
            ("postgres-options", _ => Open("postgres://worker@host/studies", new() { Schema = "" })),
            (
                "postgres-away",
                _ => Open("postgres://worker@127.0.0.1:1/studies", new() { RetryFor = TimeSpan.FromMilliseconds(1) })
            ),
            (
                "postgres-size",
                folder =>
                {
                    using (var file = File.Create(folder["weights"]))
                    {
                        file.SetLength(TooLarge); // without content on the disk
                    }

                    _ = new SnapshotFiles([new TrialFile("weights", folder["weights"])]);
                }
            ),
        ];

    /// <summary>Those that a server's tables must have; the database is that of a test.</summary>
    public static IEnumerable<(string Id, Action<NpgsqlDataSource, string> Cause)> OfAServer =>
        [
            (
                "postgres-newer",
                (source, schema) =>
                {
                    Open(source, schema).Dispose();
                    Execute(source, $"UPDATE {schema}.version SET version = 99");
                    Open(source, schema).Dispose();
                }
            ),
            (
                "postgres-removed",
                (source, schema) =>
                {
                    using var ledger = Open(source, schema);
                    var request = new ClaimRequest
                    {
                        Worker = "one",
                        Lease = TimeSpan.FromMinutes(1),
                        Machine = WorkerMachine.Current(1),
                    };
                    var claim = ledger.Claim(["trial"], request)!;
                    Execute(source, $"DELETE FROM {schema}.trials");
                    ledger.Renew(claim, new TrialPosition());
                }
            ),
        ];

    private static void Open(string address, PostgreSqlLedgerOptions? options = null) =>
        new PostgreSqlLedger(address, "study", options).Dispose();

    private static PostgreSqlLedger Open(NpgsqlDataSource source, string schema) =>
        new(source, "study", new PostgreSqlLedgerOptions { Schema = schema });

    private static void Execute(NpgsqlDataSource source, string statement)
    {
        using var command = source.CreateCommand(statement);
        command.ExecuteNonQuery();
    }
}
