using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>What a round's workers share, and what can go wrong with it.</summary>
internal abstract class RoundLedger(string root) : IDisposable
{
    /// <summary>The round's folder.</summary>
    public string Root => root;

    public abstract string Address { get; }

    /// <summary>How many writes were accepted so far.</summary>
    public abstract int Writes();

    /// <summary>Each trial's accepted writes, as <see cref="LogCheck"/> reads them.</summary>
    public abstract Dictionary<string, string[]> Logs();

    /// <summary>The ledger itself, from this machine.</summary>
    public abstract IStudyLedger Open();

    /// <summary>Breaks what is shared for a while.</summary>
    /// <returns>What was done, and how it is mended.</returns>
    public abstract (string What, Action Mend) Break();

    public abstract void Dispose();
}

/// <summary>A folder on a disk of its own, which can be full. The workers' own folders are there too.</summary>
internal sealed class RoundDisk(string root) : RoundLedger(root)
{
    private const int SmallestBlock = 64;

    public override string Address => Path.Combine(Root, "ledger");

    public override int Writes()
    {
        string trials = Path.Combine(Address, "trials");
        return Directory.Exists(trials)
            ? Directory.EnumerateDirectories(trials).Sum(log => Directory.GetDirectories(log).Length)
            : 0;
    }

    public override Dictionary<string, string[]> Logs() =>
        Directory.Exists(Path.Combine(Address, "trials")) ? LogCheck.Logs(Address) : [];

    public override IStudyLedger Open() => new FolderLedger(Address);

    public override (string What, Action Mend) Break()
    {
        string path = Path.Combine(Root, "ballast");
        byte[] block = new byte[1 << 20];
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        for (int size = block.Length; size >= SmallestBlock; size /= 2)
        {
            try
            {
                while (true)
                {
                    file.Write(block, 0, size);
                }
            }
            catch (IOException)
            {
                // no room for so many
            }
        }

        return ("full disk", () => File.Delete(path));
    }

    public override void Dispose() { }
}

/// <summary>A database, whose server can be killed.</summary>
internal sealed class RoundDatabase(string root, PostgreSqlServer server, string address, string study) : RoundLedger(root)
{
    private int _writes;

    public override string Address { get; } =
        string.Create(
            CultureInfo.InvariantCulture,
            $"postgres://postgres@{address}:{server.Port}/postgres?Timeout=2&Command Timeout=4"
        );

    public override int Writes()
    {
        try
        {
            using var command = server.DataSource.CreateCommand(
                "SELECT count(*)::integer FROM visionseq.writes w JOIN visionseq.studies s ON s.id = w.study WHERE s.name = $1"
            );
            command.Parameters.AddWithValue(study);
            _writes = (int)command.ExecuteScalar()!;
        }
        catch (NpgsqlException)
        {
            // It is away just now, or its tables are not there yet.
        }

        return _writes;
    }

    public override Dictionary<string, string[]> Logs()
    {
        using var command = server.DataSource.CreateCommand(
            """
            SELECT w.trial, w.kind, w.token FROM visionseq.writes w JOIN visionseq.studies s ON s.id = w.study
            WHERE s.name = $1 ORDER BY w.trial, w.version
            """
        );
        command.Parameters.AddWithValue(study);
        using var reader = command.ExecuteReader();
        var writes = new List<(string Trial, string Entry)>();
        while (reader.Read())
        {
            var entry = new JsonObject { ["kind"] = reader.GetString(1), ["token"] = reader.GetInt64(2) };
            writes.Add((reader.GetString(0), entry.ToJsonString()));
        }

        return writes
            .GroupBy(write => write.Trial)
            .ToDictionary(log => log.Key, log => log.Select(write => write.Entry).ToArray());
    }

    public override IStudyLedger Open() => new PostgreSqlLedger(server.DataSource, study);

    public override (string What, Action Mend) Break()
    {
        server.Kill();
        return ("the server killed", server.Start);
    }

    public override void Dispose() => server.Execute($"DELETE FROM visionseq.studies WHERE name = '{study}'");
}
