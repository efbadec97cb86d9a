using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace VisionSeqModels.Studies;

/// <summary>A snapshot's files, with their sums: what the database has already is not sent again.</summary>
internal sealed class SnapshotFiles
{
    /// <summary>PostgreSQL's largest value is 1 GiB, with what stands around it.</summary>
    private const long LargestBytes = (1L << 30) - (1 << 20);

    private readonly List<(TrialFile File, byte[] Sum)> _files = [];

    /// <exception cref="IOException">A file cannot be read, or is too large for a database.</exception>
    public SnapshotFiles(IEnumerable<TrialFile> files)
    {
        foreach (var file in files)
        {
            using var stream = File.OpenRead(file.Path);
            if (stream.Length > LargestBytes)
            {
                throw new IOException(
                    FormattableString.Invariant(
                        $"The trial's file '{file.Name}' has {stream.Length >> 20:N0} MiB, but a value in "
                    ) + "PostgreSQL has at most 1,023. Share the study by a FolderLedger."
                );
            }

            _files.Add((file, SHA256.HashData(stream)));
        }
    }

    public void Write(Session session, LedgerTables tables, string trial)
    {
        session.Run(
            $"DELETE FROM {tables.Schema}.files WHERE study = @0 AND trial = @1 AND name <> ALL (@2)",
            tables.Study,
            trial,
            _files.Select(entry => entry.File.Name).ToArray()
        );
        var there = session
            .All(
                $"SELECT name, sha256 FROM {tables.Schema}.files WHERE study = @0 AND trial = @1",
                row => (Name: row.GetString(0), Sum: row.GetFieldValue<byte[]>(1)),
                tables.Study,
                trial
            )
            .ToDictionary(file => file.Name, file => file.Sum, StringComparer.Ordinal);
        foreach (var (file, sum) in _files)
        {
            if (!there.TryGetValue(file.Name, out byte[]? known) || !known.AsSpan().SequenceEqual(sum))
            {
                Send(session, tables, trial, file, sum);
            }
        }
    }

    private static void Send(Session session, LedgerTables tables, string trial, TrialFile file, byte[] sum)
    {
        using var content = File.OpenRead(file.Path);
        using var command = session.Command(
            $"""
            INSERT INTO {tables.Schema}.files (study, trial, name, sha256, content) VALUES (@0, @1, @2, @3, @content)
            ON CONFLICT (study, trial, name) DO UPDATE SET sha256 = EXCLUDED.sha256, content = EXCLUDED.content
            """,
            tables.Study,
            trial,
            file.Name,
            sum
        );
        command.Parameters.Add(new NpgsqlParameter("content", NpgsqlDbType.Bytea) { Value = content });
        session.Run(command);
    }
}
