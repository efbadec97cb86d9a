using System.Globalization;
using Npgsql;

namespace VisionSeqModels.Studies;

/// <summary>The tables, and their version.</summary>
internal sealed class LedgerSchema(string schema)
{
    /// <summary>The version of the tables below; a change of them adds an entry to <see cref="Changes"/>.</summary>
    public static int Version => Changes.Length;

    private static readonly string[] Changes =
    [
        """
            CREATE TABLE {0}.studies (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name text NOT NULL UNIQUE,
                record json,
                record_version bigint NOT NULL DEFAULT 0,
                begun timestamptz NOT NULL DEFAULT clock_timestamp()
            );
            CREATE TABLE {0}.trials (
                study bigint NOT NULL REFERENCES {0}.studies ON DELETE CASCADE,
                trial text NOT NULL,
                status text NOT NULL DEFAULT 'released' CHECK (status IN ('released', 'claimed', 'completed', 'failed')),
                token bigint NOT NULL DEFAULT 0,
                worker text NOT NULL DEFAULT '',
                lease interval NOT NULL DEFAULT '0',
                lease_until timestamptz,
                version bigint NOT NULL DEFAULT 0,
                files_version bigint NOT NULL DEFAULT 0,
                epoch integer,
                epochs integer,
                epoch_fraction double precision,
                step bigint,
                reason text,
                lost_claims integer NOT NULL DEFAULT 0,
                PRIMARY KEY (study, trial)
            );
            CREATE TABLE {0}.writes (
                study bigint NOT NULL,
                trial text NOT NULL,
                version bigint NOT NULL,
                kind text NOT NULL,
                token bigint NOT NULL,
                worker text NOT NULL,
                attempt uuid NOT NULL,
                at timestamptz NOT NULL DEFAULT clock_timestamp(),
                architecture text,
                instruction_set text,
                torchsharp text,
                threads integer,
                cuda boolean,
                PRIMARY KEY (study, trial, version),
                FOREIGN KEY (study, trial) REFERENCES {0}.trials ON DELETE CASCADE
            );
            CREATE UNIQUE INDEX writes_attempt ON {0}.writes (attempt, kind);
            CREATE TABLE {0}.files (
                study bigint NOT NULL,
                trial text NOT NULL,
                name text NOT NULL,
                sha256 bytea NOT NULL,
                content bytea NOT NULL,
                PRIMARY KEY (study, trial, name),
                FOREIGN KEY (study, trial) REFERENCES {0}.trials ON DELETE CASCADE
            );
            ALTER TABLE {0}.files ALTER COLUMN content SET STORAGE EXTERNAL;
            CREATE TABLE {0}.metrics (
                study bigint NOT NULL,
                trial text NOT NULL,
                epoch integer NOT NULL,
                name text NOT NULL,
                value double precision NOT NULL,
                PRIMARY KEY (study, trial, epoch, name),
                FOREIGN KEY (study, trial) REFERENCES {0}.trials ON DELETE CASCADE
            );
            """,
        "ALTER TABLE {0}.writes ADD COLUMN until_epoch integer;",
    ];

    /// <summary>The schema's name, quoted.</summary>
    public string Quoted { get; } = new NpgsqlCommandBuilder().QuoteIdentifier(schema);

    /// <summary>Makes the tables, or brings them to this version. Where they are right it needs no right to make any.</summary>
    /// <exception cref="InvalidDataException">They are those of a newer version.</exception>
    public void Prepare(Session session)
    {
        if (VersionThere(session) == Version)
        {
            return;
        }

        // One at a time: whoever comes second finds the tables there.
        session.Run("SELECT pg_advisory_xact_lock(hashtext(@0))", $"visionseq {schema}");
        int there = VersionThere(session);
        if (there > Version)
        {
            throw new InvalidDataException(
                FormattableString.Invariant(
                    $"The tables in the schema {Quoted} have version {there}, and this package knows {Version}. "
                ) + "Take the newer package that made them."
            );
        }

        if (there == 0)
        {
            session.Run($"CREATE SCHEMA IF NOT EXISTS {Quoted}");
            session.Run($"CREATE TABLE {Quoted}.version (version integer NOT NULL)");
            session.Run($"INSERT INTO {Quoted}.version VALUES (0)");
        }

        foreach (string change in Changes[there..])
        {
            session.Run(string.Format(CultureInfo.InvariantCulture, change, Quoted));
        }

        session.Run($"UPDATE {Quoted}.version SET version = @0", Version);
    }

    /// <summary>0 where there are no tables. The catalogue's rows are asked: what a connection remembers of names may be older
    /// than the lock.</summary>
    private int VersionThere(Session session) =>
        session.One<bool>("SELECT true FROM pg_catalog.pg_tables WHERE schemaname = @0 AND tablename = 'version'", schema)
            ? session.One<int>($"SELECT version FROM {Quoted}.version")
            : 0;
}
