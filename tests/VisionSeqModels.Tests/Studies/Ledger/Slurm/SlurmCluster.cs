using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>A Slurm of these tests' own: a controller and some nodes on this machine, with a munge of its own. It needs
/// root.</summary>
public sealed class SlurmCluster : IDisposable
{
    private const int Nodes = 4;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly TempFolder _folder = new();

    public SlurmCluster()
    {
        if (Missing is not null)
        {
            return; // the tests are skipped
        }

        LeftBehind.EndServers("slurmd", "slurmctld", "munged");
        LeftBehind.Own(_folder);
        Directory.CreateDirectory(_folder["run"]);
        Directory.CreateDirectory(_folder["log"]);
        Directory.CreateDirectory(_folder["state"]);
        Run("chmod", "755", _folder.Root, _folder["run"]);
        byte[] key = new byte[128];
        Random.Shared.NextBytes(key);
        File.WriteAllBytes(_folder["munge.key"], key);
        Run("chmod", "400", _folder["munge.key"]);
        Run(
            "munged",
            "--force",
            $"--key-file={_folder["munge.key"]}",
            $"--socket={_folder["run/munge.socket"]}",
            $"--pid-file={_folder["run/munged.pid"]}",
            $"--log-file={_folder["log/munged.log"]}",
            $"--seed-file={_folder["run/munge.seed"]}"
        );
        File.WriteAllText(Configuration, Text());
        Run("slurmctld", "-f", Configuration);
        for (int i = 1; i <= Nodes; i++)
        {
            Run("slurmd", "-N", $"n{i}", "-f", Configuration);
        }

        WaitFor(
            () => Output("sinfo", "-h", "-t", "idle", "-o", "%D").Trim() == Nodes.ToString(CultureInfo.InvariantCulture),
            "not all nodes came up"
        );
    }

    /// <summary>Why there can be no cluster here; null where there can.</summary>
    public static string? Missing { get; } =
        !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess ? "A Slurm of the tests' own needs Linux and root."
        : new[] { "slurmctld", "slurmd", "munged" }.All(program => File.Exists($"/usr/sbin/{program}")) ? null
        : "No Slurm was found (on Debian: apt-get install slurm-wlm munge).";

    private string Configuration => _folder["slurm.conf"];

    /// <summary>Submits docs/workers/slurm.sh.</summary>
    /// <param name="shared">The folder that all tasks see.</param>
    /// <param name="array">The tasks.</param>
    /// <param name="arguments">What the tasks are to do.</param>
    /// <returns>The array's number.</returns>
    public string Submit(string shared, string array, params string[] arguments)
    {
        Directory.CreateDirectory(shared);
        return Output(
                "sbatch",
                [
                    "--parsable",
                    $"--array={array}",
                    "--cpus-per-task=1",
                    "--mem=0",
                    $"--chdir={shared}",
                    Path.Combine(Repository.Root, "docs", "workers", "slurm.sh"),
                    .. arguments,
                ],
                ("SHARED", shared),
                ("PROGRAM", typeof(SlurmCluster).Assembly.Location)
            )
            .Trim();
    }

    /// <summary>The number, state and node of a task.</summary>
    public (string Job, string State, string Node, int Restarts) Task(string array, int index)
    {
        string text = Output("scontrol", "show", "job", $"{array}_{index}");
        string Field(string name) =>
            text.Split(' ', '\n').Last(word => word.StartsWith(name, StringComparison.Ordinal))[name.Length..];
        return (
            Field("JobId="),
            Field("JobState="),
            Field("NodeList="),
            int.Parse(Field("Restarts="), CultureInfo.InvariantCulture)
        );
    }

    /// <summary>Kills a node with all that runs on it, and says so to the controller, which would find out after
    /// <c>SlurmdTimeout</c>.</summary>
    public void KillNode(string node, string job)
    {
        int daemon = int.Parse(File.ReadAllText(_folder[$"run/slurmd.{node}.pid"]).Trim(), CultureInfo.InvariantCulture);
        KillTree(daemon);
        foreach (string process in Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)!))
        {
            if (int.TryParse(process, out int id) && CommandOf(id).StartsWith($"slurmstepd: [{job}.", StringComparison.Ordinal))
            {
                KillTree(id);
            }
        }

        Control("update", $"nodename={node}", "state=down", "reason=killed");
    }

    public void Control(params string[] arguments) => Output("scontrol", arguments);

    /// <summary>A task that is requeued waits two minutes; this one waits three seconds. A node refuses a task in the very
    /// second in which it ended there ("Job credential revoked").</summary>
    public void StartNow(string array, int index) =>
        WaitFor(
            () =>
            {
                var (job, state, _, _) = Task(array, index);
                return state != "PENDING"
                    ? state is "RUNNING" or "COMPLETED"
                    : TryOutput("scontrol", "update", $"jobid={job}", "starttime=now+3");
            },
            $"task {index} was not requeued"
        );

    public void Signal(string array, int index, string name) => Output("scancel", $"--signal={name}", $"{array}_{index}");

    public void WaitFor(Func<bool> condition, string what)
    {
        long began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(began) > Longest)
            {
                string logs = string.Join(
                    '\n',
                    Directory.GetFiles(_folder["log"]).SelectMany(path => File.ReadLines(path).TakeLast(20))
                );
                Assert.Fail($"{what}:\n{Output("squeue")}\n{Output("sinfo")}\n{logs}");
            }

            Thread.Sleep(200);
        }
    }

    public void Dispose()
    {
        foreach (string file in Directory.Exists(_folder["run"]) ? Directory.GetFiles(_folder["run"], "*.pid") : [])
        {
            if (
                int.TryParse(File.ReadAllText(file), out int id) && CommandOf(id).Contains(_folder.Root, StringComparison.Ordinal)
            )
            {
                KillTree(id);
            }
        }

        _folder.Dispose();
    }

    private string Output(string program, params string[] arguments) => Output(program, arguments, []);

    private string Output(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var (status, output, error) = Start(program, arguments, variables);
        return status == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {status}: {error}");
    }

    private bool TryOutput(string program, params string[] arguments) => Start(program, arguments, []).Status == 0;

    private (int Status, string Output, string Error) Start(
        string program,
        string[] arguments,
        (string Name, string Value)[] variables
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["SLURM_CONF"] = Configuration },
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Starts a daemon, which keeps what it inherits open: so nothing is redirected to this process.</summary>
    private static void Run(string program, params string[] arguments)
    {
        string command = string.Join(' ', arguments.Prepend(program).Select(word => $"'{word}'"));
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{command} > /dev/null 2>&1"]);
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
    }

    private static string CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }

    private static void KillTree(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended.
        }
    }

    private string Text()
    {
        string host = Dns.GetHostName();
        int[] ports = FreePorts(Nodes + 1);
        string nodes = string.Concat(
            Enumerable
                .Range(1, Nodes)
                .Select(i => $"NodeName=n{i} NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[i]} CPUs=1 State=UNKNOWN\n")
        );
        return $"""
            ClusterName=tests
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={ports[0]}
            SlurmUser=root
            FirstJobId={100000 + (Environment.ProcessId * 10)}
            AuthType=auth/munge
            AuthInfo=socket={_folder["run/munge.socket"]}
            StateSaveLocation={_folder["state"]}
            SlurmdSpoolDir={_folder["spool"]}.%n
            SlurmctldPidFile={_folder["run/slurmctld.pid"]}
            SlurmdPidFile={_folder["run/slurmd"]}.%n.pid
            SlurmctldLogFile={_folder["log/slurmctld.log"]}
            SlurmdLogFile={_folder["log/slurmd"]}.%n.log
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            SchedulerType=sched/builtin
            ReturnToService=2
            SlurmdTimeout=30
            KillWait=30
            JobRequeue=1
            MpiDefault=none
            {nodes}PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP

            """;
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
