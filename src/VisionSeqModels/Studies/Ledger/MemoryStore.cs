using System.Diagnostics;

namespace VisionSeqModels.Studies;

/// <summary>Logs of one process, for a study without a ledger: its trials run in their own folders, so no files are
/// kept.</summary>
internal sealed class MemoryStore : ILedgerStore
{
    private readonly Lock _own = new();
    private readonly SortedDictionary<string, List<(string Text, DateTimeOffset Time)>> _logs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long At, string Text)> _beats = new(StringComparer.Ordinal);

    public string Name => "this process";

    public IReadOnlyList<string> Logs(string prefix)
    {
        lock (_own)
        {
            return [.. _logs.Keys.Where(log => log.StartsWith(prefix, StringComparison.Ordinal))];
        }
    }

    public int Length(string log)
    {
        lock (_own)
        {
            return _logs.TryGetValue(log, out var entries) ? entries.Count : 0;
        }
    }

    public string Entry(string log, int number)
    {
        lock (_own)
        {
            return _logs[log][number - 1].Text;
        }
    }

    public DateTimeOffset TimeOf(string log, int number)
    {
        lock (_own)
        {
            return _logs[log][number - 1].Time;
        }
    }

    public bool TryAppend(string log, int number, string text, IReadOnlyList<TrialFile> files)
    {
        lock (_own)
        {
            if (!_logs.TryGetValue(log, out var entries))
            {
                _logs[log] = entries = [];
            }

            if (entries.Count != number - 1)
            {
                return false;
            }

            entries.Add((text, TimeProvider.System.GetUtcNow()));
            _beats[log] = (Stopwatch.GetTimestamp(), "");
            return true;
        }
    }

    public void Beat(string log, long token, string text)
    {
        lock (_own)
        {
            _beats[log] = (Stopwatch.GetTimestamp(), text);
        }
    }

    public string? LastBeat(string log, long token)
    {
        lock (_own)
        {
            return _beats.TryGetValue(log, out var beat) ? beat.Text : null;
        }
    }

    public TimeSpan Silence(string log, long token, int length)
    {
        lock (_own)
        {
            return _beats.TryGetValue(log, out var beat) ? Stopwatch.GetElapsedTime(beat.At) : TimeSpan.Zero;
        }
    }

    public byte[]? Read(string log, int number, string name) => null;

    public void Fetch(string log, int number, string folder) { }

    public void Forget(string log, int number) { }
}
