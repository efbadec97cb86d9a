using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>Logs in memory for several workers, of which one at a time makes one call of the store: a seed decides who. So every
/// order of calls can come, also one where a worker sleeps between its reading and its writing. Time is a number that grows with
/// each call.</summary>
internal sealed class SteppedStore
{
    private readonly Random _random;
    private readonly object _turn = new();
    private readonly HashSet<int> _alive;
    private readonly Dictionary<string, List<(string Text, long At)>> _logs = [];
    private readonly Dictionary<string, (string Text, long At)> _beats = [];
    private int _next = -1;

    public SteppedStore(int workers, int seed)
    {
        _random = new Random(seed);
        _alive = [.. Enumerable.Range(0, workers)];
    }

    public long Now { get; private set; }

    /// <summary>A trial's entries.</summary>
    public List<string> Log(string trial) => [.. _logs.GetValueOrDefault($"trials/{trial}", []).Select(entry => entry.Text)];

    /// <summary>When each entry was appended.</summary>
    public List<long> Times(string trial) => [.. _logs.GetValueOrDefault($"trials/{trial}", []).Select(entry => entry.At)];

    /// <summary>The store as a worker has it.</summary>
    public ILedgerStore Of(int worker) => new View(this, worker);

    /// <summary>A worker makes no more calls.</summary>
    public void Leave(int worker) => Step(worker, () => _alive.Remove(worker));

    /// <summary>Begins; before, everybody waits.</summary>
    public void Begin()
    {
        lock (_turn)
        {
            Choose();
        }
    }

    private T Step<T>(int worker, Func<T> call)
    {
        lock (_turn)
        {
            while (_next != worker)
            {
                Monitor.Wait(_turn);
            }

            Now += _random.Next(10) == 0 ? _random.Next(200) : 1;
            var result = call();
            Choose();
            return result;
        }
    }

    private void Choose()
    {
        _next = _alive.Count == 0 ? -1 : _alive.ElementAt(_random.Next(_alive.Count));
        Monitor.PulseAll(_turn);
    }

    private sealed class View(SteppedStore all, int worker) : ILedgerStore
    {
        public string Name => "memory";

        public IReadOnlyList<string> Logs(string prefix) => all.Step(worker, () => all._logs.Keys.ToList());

        public int Length(string log) => all.Step(worker, () => all._logs.GetValueOrDefault(log, []).Count);

        public string Entry(string log, int number) => all.Step(worker, () => all._logs[log][number - 1].Text);

        public DateTimeOffset TimeOf(string log, int number) =>
            all.Step(worker, () => DateTimeOffset.UnixEpoch.AddSeconds(all._logs[log][number - 1].At));

        public bool TryAppend(string log, int number, string text, IReadOnlyList<TrialFile> files) =>
            all.Step(
                worker,
                () =>
                {
                    if (!all._logs.TryGetValue(log, out var entries))
                    {
                        all._logs[log] = entries = [];
                    }

                    if (entries.Count != number - 1)
                    {
                        return false;
                    }

                    entries.Add((text, all.Now));
                    return true;
                }
            );

        public void Beat(string log, long token, string text) =>
            all.Step(worker, () => all._beats[$"{log} {token}"] = (text, all.Now));

        public string? LastBeat(string log, long token) =>
            all.Step(worker, () => all._beats.TryGetValue($"{log} {token}", out var beat) ? beat.Text : null);

        public TimeSpan Silence(string log, long token, int length) =>
            all.Step(
                worker,
                () =>
                {
                    long beat = all._beats.TryGetValue($"{log} {token}", out var last) ? last.At : 0;
                    return TimeSpan.FromSeconds(all.Now - Math.Max(beat, all._logs[log][length - 1].At));
                }
            );

        public byte[]? Read(string log, int number, string name) => null;

        public void Fetch(string log, int number, string folder) { }

        public void Forget(string log, int number) { }
    }
}
