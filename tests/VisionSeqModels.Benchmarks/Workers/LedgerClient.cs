using System.Diagnostics;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Benchmarks.Workers;

/// <summary>A worker that does nothing but call its ledger, and notes how long the calls take.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="state">The file that it publishes.</param>
internal sealed class LedgerClient(IStudyLedger ledger, string state)
{
    private static readonly TrialPosition Position = new()
    {
        Epoch = 1,
        Epochs = 10,
        Step = 1,
    };
    private static readonly ClaimRequest Request = new()
    {
        Worker = "benchmark",
        Lease = TimeSpan.FromMinutes(10),
        Machine = WorkerMachine.Current(1),
    };
    private readonly Dictionary<string, List<double>> _seconds = [];

    /// <summary>Trials one after another, from claim to end.</summary>
    public void Work(IReadOnlyList<string> trials)
    {
        var snapshot = new TrialSnapshot
        {
            Position = Position,
            Epochs = [],
            Files = [new TrialFile("checkpoints/last.safetensors", state)],
        };
        foreach (string trial in trials)
        {
            StudyClaim? claim = null;
            Time("claim", () => claim = Claim(trial));
            Time("renew", () => ledger.Renew(claim!, Position));
            Time("publish", () => ledger.Publish(claim!, snapshot));
            Time("complete", () => ledger.Complete(claim!, snapshot));
        }
    }

    public StudyClaim? Claim(string trial) => ledger.Claim([trial], Request);

    /// <summary>The median seconds of a look at all trials; the first one is not counted, which reads them.</summary>
    public double Look(int times)
    {
        _seconds.Remove("look");
        ledger.Trials();
        for (int i = 0; i < times; i++)
        {
            Time("look", () => ledger.Trials());
        }

        return Median("look");
    }

    public double Median(string call) => _seconds[call].Order().ElementAt(_seconds[call].Count / 2);

    private void Time(string call, Action act)
    {
        long begin = Stopwatch.GetTimestamp();
        act();
        if (!_seconds.TryGetValue(call, out var times))
        {
            _seconds[call] = times = [];
        }

        times.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
    }
}
