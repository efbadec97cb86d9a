using System.Diagnostics;

namespace VisionSeqModels.Samples;

/// <summary>The other workers of a study on this machine: this program, started again with the same command line. They end when
/// this process does, however it ends, since they read its end of a pipe: then they save their state and give their trials
/// back.</summary>
internal sealed class WorkerProcesses : IDisposable
{
    private const string Mark = "VISIONSEQ_SAMPLE_WORKER";
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private readonly List<Process> _processes = [];

    /// <summary>Whether this process is one that another has started.</summary>
    public static bool IsOne => Environment.GetEnvironmentVariable(Mark) is not null;

    /// <summary>Starts workers.</summary>
    /// <param name="count">How many.</param>
    /// <param name="more">Arguments besides those of this process; <c>--workers</c> is left out.</param>
    public void Start(long count, params string[] more)
    {
        string program = Environment.ProcessPath!;
        string[] line = Environment.GetCommandLineArgs();
        bool isHost = line[0].EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && !IsNamedLike(program, line[0]);
        for (long i = 0; i < count; i++)
        {
            var start = new ProcessStartInfo(program, [.. isHost ? line[..1] : [], .. Without(line[1..]), .. more])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true, // this process shows the progress of all
                Environment = { [Mark] = "1" },
            };
            var process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            _processes.Add(process);
        }
    }

    /// <summary>Cancels when the process that has started this one ends, or lets it go.</summary>
    public static void WatchParent(CancellationTokenSource stop)
    {
        if (IsOne)
        {
            new Thread(() =>
            {
                while (Console.In.Read() >= 0) { }

                stop.Cancel();
            })
            {
                IsBackground = true,
            }.Start();
        }
    }

    /// <summary>Waits for the workers, which end when the study is over.</summary>
    /// <param name="areStopped">Whether they are to save their state and end now.</param>
    public void End(bool areStopped)
    {
        foreach (var process in areStopped ? [] : _processes)
        {
            process.WaitForExit(LongestWait); // one that hangs is no reason to hang
        }

        Dispose();
    }

    /// <summary>Lets the workers go, and waits for them.</summary>
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.StandardInput.Close();
        }

        foreach (var process in _processes)
        {
            process.WaitForExit(LongestWait);
            process.Dispose();
        }

        _processes.Clear();
    }

    private static bool IsNamedLike(string program, string assembly) =>
        Path.GetFileNameWithoutExtension(program) == Path.GetFileNameWithoutExtension(assembly);

    private static IEnumerable<string> Without(string[] arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--workers")
            {
                i++; // and its value
            }
            else if (!arguments[i].StartsWith("--workers=", StringComparison.Ordinal))
            {
                yield return arguments[i];
            }
        }
    }
}
