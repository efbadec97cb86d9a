using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VisionSeqModels.Benchmarks.Workers;

/// <summary>A PostgreSQL server for one run, from the system's own programs, without passwords. It refuses to run as root, so
/// root starts it as the user <c>postgres</c>.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("visionseq-postgres-").FullName;
    private readonly string _programs;
    private readonly int _port = FreePort();

    /// <exception cref="InvalidOperationException">PostgreSQL is not installed.</exception>
    public LocalServer()
    {
        _programs =
            Directory.Exists("/usr/lib/postgresql")
            && Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).LastOrDefault() is string newest
                ? Path.Combine(newest, "bin")
                : throw new InvalidOperationException("PostgreSQL's server is not installed.");
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "postgres", _folder);
        }

        RunAsUser("initdb", "-D", Data, "--auth=trust", "--username=postgres");
        string settings = string.Create(CultureInfo.InvariantCulture, $"-p {_port} -c unix_socket_directories=");
        RunAsUser("pg_ctl", "start", "--wait", "-D", Data, "-l", Path.Combine(_folder, "log"), "-o", settings);
    }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"postgres://postgres@127.0.0.1:{_port}/postgres");

    private string Data => Path.Combine(_folder, "data");

    public void Dispose()
    {
        RunAsUser("pg_ctl", "stop", "-m", "immediate", "-D", Data);
        Directory.Delete(_folder, recursive: true);
    }

    private void RunAsUser(string program, params string[] arguments)
    {
        string path = Path.Combine(_programs, program);
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
        string quoted = string.Join(' ', arguments.Prepend(program).Select(word => $"'{word}'"));
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{quoted} > /dev/null 2>&1"]))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{quoted} ended with {process.ExitCode}.");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
