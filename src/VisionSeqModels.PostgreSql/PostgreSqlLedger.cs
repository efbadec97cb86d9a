using Npgsql;

namespace VisionSeqModels.Studies;

/// <summary>A ledger in a PostgreSQL database (12 or newer): workers on any machines share a study's trials, with no folder in
/// common. Their files lie in the database too, and each epoch's metrics are rows that SQL can query.</summary>
/// <remarks>
/// <para>A claim takes a row with <c>FOR UPDATE SKIP LOCKED</c>; every later write changes it only where it still has the claim's
/// token, in the same transaction as what is written. Leases are measured by the server's clock. The tables are made on first use
/// by whoever may; a role that may not needs only the rights on the rows (docs/workers.md).</para>
/// <para>The password comes from the environment variable <c>PGPASSWORD</c>, the file that <c>PGPASSFILE</c> names, or your own
/// data source. It is in no message, record or report. A ledger may be used by several threads at once.</para>
/// </remarks>
public sealed class PostgreSqlLedger : IStudyLedger, IDisposable
{
    /// <summary>A wrong address is to be reported soon.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(10);

    private readonly StopSignal _stop = new();
    private readonly Connections _connections;
    private readonly LedgerTables _tables;
    private readonly TrialClaims _claims;
    private readonly bool _ownsSource;

    /// <summary>Opens a ledger, or begins one; the tables are made where they are missing.</summary>
    /// <param name="source">Where the database is; it is not disposed.</param>
    /// <param name="study">The study's name: one ledger for each name.</param>
    /// <param name="options">Schema and patience; null for the defaults.</param>
    /// <exception cref="ArgumentException">The name is empty, or an option is out of range.</exception>
    /// <exception cref="IOException">The database cannot be reached, or refuses; the message says why.</exception>
    /// <exception cref="InvalidDataException">The tables are those of a newer version of this package.</exception>
    public PostgreSqlLedger(NpgsqlDataSource source, string study, PostgreSqlLedgerOptions? options = null)
        : this(source, study, options, ownsSource: false) { }

    /// <summary>Opens a ledger by its address, or begins one.</summary>
    /// <param name="address">For example <c>postgres://worker@db.example:5432/studies</c>, or a connection string of Npgsql. An
    /// address holds no password, since addresses stand in command lines and logs.</param>
    /// <param name="study">The study's name: one ledger for each name.</param>
    /// <param name="options">Schema and patience; null for the defaults.</param>
    /// <exception cref="ArgumentException">The name is empty, the address is none or has a password, or an option is out of
    /// range.</exception>
    /// <exception cref="IOException">The database cannot be reached, or refuses; the message says why.</exception>
    /// <exception cref="InvalidDataException">The tables are those of a newer version of this package.</exception>
    public PostgreSqlLedger(string address, string study, PostgreSqlLedgerOptions? options = null)
        : this(NpgsqlDataSource.Create(LedgerAddress.ConnectionString(address)), study, options, ownsSource: true) { }

    private PostgreSqlLedger(NpgsqlDataSource source, string study, PostgreSqlLedgerOptions? options, bool ownsSource)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrWhiteSpace(study);
        options ??= new PostgreSqlLedgerOptions();
        options.Validate();
        _ownsSource = ownsSource;
        try
        {
            Name = LedgerAddress.Name(source.ConnectionString, study);
            _connections = new Connections(source, options.RetryFor, Name, _stop);
            var first = options.RetryFor < LongestStart ? options.RetryFor : LongestStart;
            _tables = new LedgerTables(
                _connections,
                new Connections(source, first, Name, _stop),
                new LedgerSchema(options.Schema),
                study
            );
            _claims = new TrialClaims(_connections, _tables);
        }
        catch when (ownsSource)
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public LedgerRecord? ReadRecord() => _tables.ReadRecord();

    /// <inheritdoc/>
    public bool TryWriteRecord(string json, long version)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(json);
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return _tables.TryWriteRecord(json, version);
    }

    /// <inheritdoc/>
    public IReadOnlyList<LedgerTrial> Trials() => new TrialReader(_connections, _tables).All();

    /// <inheritdoc/>
    public StudyClaim? Claim(IReadOnlyList<string> trials, ClaimRequest request)
    {
        ArgumentNullException.ThrowIfNull(trials);
        ArgumentNullException.ThrowIfNull(request);
        return trials.Count == 0 ? null : _claims.Claim(trials, request);
    }

    /// <inheritdoc/>
    public void Renew(StudyClaim claim, TrialPosition position)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(position);
        Writer(claim).Renew(position);
    }

    /// <inheritdoc/>
    public void Publish(StudyClaim claim, TrialSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Writer(claim).Write("published", "claimed", null, snapshot);
    }

    /// <inheritdoc/>
    public void Complete(StudyClaim claim, TrialSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Writer(claim).Write("completed", "completed", null, snapshot);
    }

    /// <inheritdoc/>
    public void Fail(StudyClaim claim, string reason, TrialSnapshot? snapshot)
    {
        ArgumentNullException.ThrowIfNull(reason);
        Writer(claim).Write("failed", "failed", reason, snapshot);
    }

    /// <inheritdoc/>
    public void Release(StudyClaim claim, string? reason, TrialSnapshot? snapshot) =>
        Writer(claim).Write("released", "released", reason, snapshot);

    /// <inheritdoc/>
    public byte[]? Read(string trial, string name) => new TrialReader(_connections, _tables).Read(trial, name);

    /// <inheritdoc/>
    public bool Fetch(string trial, string folder) => new TrialReader(_connections, _tables).Fetch(trial, folder);

    /// <inheritdoc/>
    /// <remarks>A call under way has five seconds from then on, a call made later five from its beginning. Once one of them has
    /// waited in vain, the next ones have three seconds each.</remarks>
    public IDisposable? LimitWaits(CancellationToken cancellationToken) => _stop.SetWith(cancellationToken);

    /// <summary>Closes the connections, where this ledger opened them itself.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        if (_ownsSource)
        {
            _connections.Source.Dispose();
        }
    }

    private TrialWriter Writer(StudyClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return new TrialWriter(_connections, _tables, claim);
    }
}
