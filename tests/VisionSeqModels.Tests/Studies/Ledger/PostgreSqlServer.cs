using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>A PostgreSQL server of these tests' own, on a free port with passwords. It refuses to run as root, so root
/// starts it as the user <c>postgres</c>.</summary>
public sealed class PostgreSqlServer : IDisposable
{
    public const string Password = "a secret of the tests";

    private readonly TempFolder _folder = new();
    private readonly string _addresses;
    private readonly Lazy<NpgsqlDataSource> _source;

    public PostgreSqlServer()
        : this(null) { }

    /// <param name="address">Another address of this machine that it answers on, to the machines of that network; or
    /// null.</param>
    internal PostgreSqlServer(string? address)
    {
        _addresses = address is null ? "127.0.0.1" : $"127.0.0.1,{address}";
        _source = new(() => Source("postgres"));
        if (Programs is null)
        {
            return; // the tests are skipped
        }

        if (OperatingSystem.IsLinux())
        {
            LeftBehind.EndServers("postgres");
        }

        LeftBehind.Own(_folder);
        File.WriteAllText(_folder["password"], Password);
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "-R", "postgres", _folder.Root);
        }

        RunAsUser(
            "initdb",
            "-D",
            Data,
            "--auth=scram-sha-256",
            "--username=postgres",
            $"--pwfile={_folder["password"]}",
            "--no-sync"
        );
        File.AppendAllText(Path.Combine(Data, "pg_hba.conf"), "host all all samenet scram-sha-256\n");
        Start();
    }

    /// <summary>The folder of its programs; null where it is not installed.</summary>
    public static string? Programs { get; } = Find();

    public int Port { get; } = FreePort();

    public NpgsqlDataSource DataSource => _source.Value;

    /// <summary>A name for a schema that no other test has.</summary>
    public static string NewSchema() => $"s{Guid.NewGuid():n}";

    private string Data => _folder["data"];

    /// <summary>Connections of a role, whose password is <see cref="Password"/>.</summary>
    public NpgsqlDataSource Source(string role) =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = Port,
                Username = role,
                Password = Password,
                Database = "postgres",
                Timeout = 5,
            }
        );

    public void Execute(string statements)
    {
        using var command = DataSource.CreateCommand(statements);
        command.ExecuteNonQuery();
    }

    public void Start() =>
        RunAsUser(
            "pg_ctl",
            "start",
            "--silent",
            "--wait",
            "-D",
            Data,
            "-l",
            _folder["log"],
            "-o",
            $"-p {Port} -c listen_addresses={_addresses} -c unix_socket_directories= -c max_connections=200"
        );

    /// <summary>Kills it at once, as a power cut would, but for the system's own cache.</summary>
    public void Kill()
    {
        int main = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First());
        using var process = Process.GetProcessById(main);
        process.Kill();
        process.WaitForExit();
        Thread.Sleep(200); // its children notice
        if (_source.IsValueCreated)
        {
            DataSource.Clear(); // connections to a server that is gone
        }
    }

    public void Dispose()
    {
        if (_source.IsValueCreated)
        {
            DataSource.Dispose();
        }

        if (Programs is not null)
        {
            RunAsUser("pg_ctl", "stop", "--silent", "-m", "immediate", "-D", Data);
        }

        _folder.Dispose();
    }

    private static void RunAsUser(string program, params string[] arguments)
    {
        string path = Path.Combine(Programs!, program);
        if (Environment.IsPrivilegedProcess)
        {
            Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        // The server keeps what it inherits open; so nothing is redirected to this process.
        string command = string.Join(' ', arguments.Prepend(program).Select(word => $"'{word}'"));
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{command} > /dev/null 2>&1"]))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {arguments[0]} ended with {process.ExitCode}.");
        }
    }

    private static string? Find() =>
        OperatingSystem.IsWindows() || (Environment.IsPrivilegedProcess && !HasUser()) ? null
        : Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .EnumerateDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin"))
                .LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
        : (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));

    private static bool HasUser() =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
