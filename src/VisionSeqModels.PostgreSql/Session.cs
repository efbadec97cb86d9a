using System.Data;
using Npgsql;

namespace VisionSeqModels.Studies;

/// <summary>A connection within a transaction. Statements have parameters <c>@0</c>, <c>@1</c> and so on; null is SQL's
/// NULL.</summary>
/// <param name="connection">It is not disposed.</param>
/// <param name="end">Ends a statement that waits for its answer.</param>
internal sealed class Session(NpgsqlConnection connection, CancellationToken end)
{
    /// <summary>Runs a statement, and gives how many rows it changed.</summary>
    public int Run(string statement, params object?[] values)
    {
        using var command = Command(statement, values);
        return Run(command);
    }

    public int Run(NpgsqlCommand command) => command.ExecuteNonQueryAsync(end).GetAwaiter().GetResult();

    /// <summary>The first column of the first row; the default where there is no row, or NULL.</summary>
    public T? One<T>(string statement, params object?[] values)
    {
        using var command = Command(statement, values);
        return command.ExecuteScalarAsync(end).GetAwaiter().GetResult() is T value ? value : default;
    }

    /// <summary>All rows, each as what is made of it.</summary>
    public List<T> All<T>(string statement, Func<NpgsqlDataReader, T> make, params object?[] values)
    {
        using var command = Command(statement, values);
        using var reader = Read(command);
        var rows = new List<T>();
        while (reader.ReadAsync(end).GetAwaiter().GetResult())
        {
            rows.Add(make(reader));
        }

        return rows;
    }

    public NpgsqlDataReader Read(NpgsqlCommand command, CommandBehavior behavior = CommandBehavior.Default) =>
        command.ExecuteReaderAsync(behavior, end).GetAwaiter().GetResult();

    public NpgsqlCommand Command(string statement, params object?[] values)
    {
        var command = new NpgsqlCommand(statement, connection);
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.Add(new NpgsqlParameter(FormattableString.Invariant($"{i}"), values[i] ?? DBNull.Value));
        }

        return command;
    }
}
