using System.Diagnostics;
using Npgsql;

namespace VisionSeqModels.Studies;

/// <summary>Runs work in a transaction, again where the connection is lost or the server restarts.</summary>
/// <param name="source">Where the database is.</param>
/// <param name="patience">How long to try.</param>
/// <param name="name">The ledger, for messages.</param>
/// <param name="stop">Asks whoever waits to give up soon; it may be set while a call waits.</param>
internal sealed class Connections(NpgsqlDataSource source, TimeSpan patience, string name, StopSignal stop)
{
    /// <summary>How long a call tries after it was asked to give up.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    /// <summary>The same, where a call before has waited in vain.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private volatile bool _isAway;

    public NpgsqlDataSource Source => source;

    /// <summary>Does the work, which may be done twice: a connection can be lost after the commit and before its answer. So the
    /// work finds out itself what an attempt before it has done.</summary>
    /// <exception cref="IOException">The database cannot be reached, or refuses.</exception>
    public T Do<T>(Func<Session, T> work)
    {
        long began = Stopwatch.GetTimestamp();
        using var end = new CancellationTokenSource();
        using var asked = stop.Register(() => end.CancelAfter(_isAway ? ShortPatience : LastPatience));
        for (var wait = FirstWait; ; wait = wait * 2 > LongestWait ? LongestWait : wait * 2)
        {
            try
            {
                using var connection = Open(end.Token);
                using var transaction = connection.BeginTransaction();
                var result = work(new Session(connection, end.Token));
                transaction.CommitAsync(end.Token).GetAwaiter().GetResult();
                _isAway = false;
                return result;
            }
            catch (Exception e) when (IsPassing(e) && Stopwatch.GetElapsedTime(began) < patience && !end.IsCancellationRequested)
            {
                // so that many workers do not come at once
                end.Token.WaitHandle.WaitOne(wait * (0.5 + (0.5 * Random.Shared.NextDouble())));
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
            {
                _isAway |= end.IsCancellationRequested;
                throw new IOException($"The database of {name} cannot be used: {e.Message.TrimEnd('.')}. {Advice(e)}", e);
            }
        }
    }

    public void Do(Action<Session> work) =>
        Do(session =>
        {
            work(session);
            return true;
        });

    private NpgsqlConnection Open(CancellationToken end) => source.OpenConnectionAsync(end).AsTask().GetAwaiter().GetResult();

    /// <summary>Whether the same may succeed later. Npgsql counts a server that starts or stops, a lost connection, a deadlock
    /// and a lack of connections among these.</summary>
    private static bool IsPassing(Exception e) =>
        e is TimeoutException
        || e is NpgsqlException { IsTransient: true }
        || (e is PostgresException postgres && postgres.SqlState.StartsWith("57P", StringComparison.Ordinal))
        || (
            e is NpgsqlException and not PostgresException
            && e.InnerException is IOException or System.Net.Sockets.SocketException
        );

    private static string Advice(Exception e) =>
        e is OperationCanceledException ? "The worker was asked to stop meanwhile."
        : e is not PostgresException postgres ? "See that the server runs and can be reached from here."
        : postgres.SqlState == PostgresErrorCodes.InsufficientPrivilege
            ? "Let the role's rights be as docs/workers.md says, or open the ledger once by the schema's owner."
        : postgres.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            ? "Set PGPASSWORD, or PGPASSFILE to a file with the password."
        : "The server said so; ask whoever looks after it.";
}
