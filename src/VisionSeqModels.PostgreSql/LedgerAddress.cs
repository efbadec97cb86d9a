using Npgsql;

namespace VisionSeqModels.Studies;

/// <summary>The addresses of databases.</summary>
internal static class LedgerAddress
{
    private const string Form = "postgres://USER@HOST:PORT/DATABASE";

    /// <summary>A connection string, from an address or as it is.</summary>
    /// <exception cref="ArgumentException">It is neither, or holds a password.</exception>
    public static string ConnectionString(string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        var builder = address.Contains("://", StringComparison.Ordinal) ? OfUri(address) : OfKeys(address);
        if (builder.Password is not null)
        {
            throw new ArgumentException(
                "An address holds no password, since it stands in command lines and logs. Set PGPASSWORD, or PGPASSFILE to a "
                    + "file with a line HOST:PORT:DATABASE:USER:PASSWORD, or make an NpgsqlDataSource of your own."
            );
        }

        return builder.ConnectionString;
    }

    /// <summary>Where the study is, without user and password.</summary>
    public static string Name(string connectionString, string study)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return FormattableString.Invariant(
            $"the study '{study}' in PostgreSQL {builder.Host}:{builder.Port}/{builder.Database ?? builder.Username}"
        );
    }

    private static NpgsqlConnectionStringBuilder OfUri(string address)
    {
        if (
            !Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("postgres" or "postgresql")
            || uri.Host.Length == 0
        )
        {
            throw new ArgumentException($"The address of a database must be like {Form}.");
        }

        var builder = new NpgsqlConnectionStringBuilder { Host = uri.IdnHost };
        if (uri.Port > 0)
        {
            builder.Port = uri.Port;
        }

        string[] user = uri.UserInfo.Split(':', 2);
        builder.Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null;
        builder.Password = user.Length > 1 ? user[1] : null;
        string database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        builder.Database = database.Length > 0 ? database : null;
        foreach (string pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            try
            {
                builder[Uri.UnescapeDataString(parts[0])] = Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? "");
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                throw new ArgumentException(
                    $"The database's address has '{parts[0]}', which Npgsql does not know or whose value it refuses.",
                    nameof(address)
                );
            }
        }

        return builder;
    }

    private static NpgsqlConnectionStringBuilder OfKeys(string address)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(address);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Its message could repeat a password.
            throw new ArgumentException(
                $"The address of a database must be like {Form}, or a connection string like Host=…;Database=…;Username=…."
            );
        }
    }
}
