using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>One of the workers of the rounds: a process in a namespace, perhaps with a wrong clock, and another one after its
/// end.</summary>
internal sealed class RoundSlot(RoundHosts hosts, int number) : IDisposable
{
    // Debian's package faketime
    private static readonly string? FakeTime = new[] { "x86_64-linux-gnu", "aarch64-linux-gnu" }
        .Select(machine => $"/usr/lib/{machine}/faketime/libfaketime.so.1")
        .FirstOrDefault(File.Exists);
    private static readonly string[] Clocks = ["", "+3h", "", "-40d", "", "-90s", "", "+400d"];
    private readonly ConcurrentQueue<string> _errors = new();
    private ConcurrentQueue<string> _answers = new();
    private Process? _process;
    private int _generation;
    private string? _order;

    public static bool HasClocks => FakeTime is not null;

    public int Host => number % hosts.Count;

    /// <summary>The name of the process there is now.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"w{number}.{_generation}");

    /// <summary>Whether it was given something to do and has not answered yet.</summary>
    public bool IsBusy => _order is not null;

    public bool IsStopped { get; private set; }

    /// <summary>What it wrote as errors, for the message of a failure.</summary>
    public string Errors => string.Join('\n', _errors);

    public void Start()
    {
        _generation++;
        string clock = Clocks[number % Clocks.Length];
        var start = new ProcessStartInfo(
            "ip",
            ["netns", "exec", hosts[Host], "dotnet", "exec", typeof(RoundSlot).Assembly.Location, RoundWorker.Command, Name]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PGPASSWORD"] = PostgreSqlServer.Password,
                ["OMP_NUM_THREADS"] = "1",
                ["DOTNET_TieredPGO"] = "0",
            },
        };
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        if (clock.Length > 0 && HasClocks)
        {
            start.Environment["LD_PRELOAD"] = FakeTime;
            start.Environment["FAKETIME"] = clock;
            start.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
            start.Environment["FAKETIME_FORCE_MONOTONIC_FIX"] = "0"; // else waits end at once, again and again
            start.Environment["NO_FAKE_STAT"] = "1"; // files have the time of their server
        }

        _process = Process.Start(start)!;
        var answers = _answers = new(); // what a process said that was killed may come late
        _process.OutputDataReceived += (_, e) => Take(answers, e.Data);
        _process.ErrorDataReceived += (_, e) => _errors.Enqueue(e.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Gives it something to do, as a launcher starts the same command.</summary>
    public void Give(string root, string ledger, string study)
    {
        _order = string.Join('\t', Path.Combine(root, $"of-{Name}"), ledger, study);
        _process!.StandardInput.WriteLine(_order);
        _process.StandardInput.Flush();
    }

    /// <summary>What it answered since; null for nothing yet.</summary>
    public string? Answer()
    {
        if (_answers.TryDequeue(out string? answer))
        {
            _order = null;
            return answer;
        }

        return null;
    }

    public bool HasEnded => _process!.HasExited;

    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        Forget();
    }

    public void Stop()
    {
        Signal("STOP");
        IsStopped = true;
    }

    public void Continue()
    {
        Signal("CONT");
        IsStopped = false;
    }

    /// <summary>Asks it to end, and waits until it has.</summary>
    /// <returns>False where it did not.</returns>
    public bool Terminate(TimeSpan within)
    {
        Signal("TERM");
        _process!.StandardInput.Close();
        bool hasEnded = _process.WaitForExit(within);
        if (hasEnded)
        {
            Forget();
        }

        return hasEnded;
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }
    }

    private void Forget()
    {
        _process!.Dispose();
        _process = null;
        _order = null;
        IsStopped = false;
    }

    private static void Take(ConcurrentQueue<string> answers, string? line)
    {
        if (line is not null && line != ChildProgram.Ready)
        {
            answers.Enqueue(line);
        }
    }

    private void Signal(string name) => RoundHosts.Shell($"kill -{name} {_process!.Id}");
}
