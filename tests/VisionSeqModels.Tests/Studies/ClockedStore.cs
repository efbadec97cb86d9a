using System.Text;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A ledger's logs in memory, with files, and with a clock that a test sets.</summary>
internal sealed class ClockedStore : ILedgerStore
{
    private readonly SortedDictionary<string, List<Entered>> _logs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Log, long Token), (string Text, DateTimeOffset Time)> _beats = [];

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Runs before an entry is appended: what another worker does meanwhile.</summary>
    public Action? Meanwhile { get; set; }

    /// <summary>What everything that is asked fails with.</summary>
    public IOException? Fault { get; set; }

    /// <summary>How often more it fails; null for ever.</summary>
    public int? FaultsLeft { get; set; }

    /// <summary>What writing files into a folder fails with.</summary>
    public IOException? FetchFault { get; set; }

    public List<string> Forgotten { get; } = [];

    public int Reads { get; private set; }

    public string Name => "memory";

    public IReadOnlyList<string> Logs(string prefix) =>
        IsSound() ? [.. _logs.Keys.Where(log => log.StartsWith(prefix, StringComparison.Ordinal))] : [];

    public int Length(string log) => IsSound() ? _logs.GetValueOrDefault(log)?.Count ?? 0 : 0;

    public string Entry(string log, int number)
    {
        Reads++;
        return _logs[log][number - 1].Text;
    }

    public DateTimeOffset TimeOf(string log, int number) => _logs[log][number - 1].Time;

    public bool TryAppend(string log, int number, string text, IReadOnlyList<TrialFile> files)
    {
        var meanwhile = Meanwhile;
        Meanwhile = null;
        meanwhile?.Invoke();
        if (Length(log) != number - 1)
        {
            return false;
        }

        if (!_logs.TryGetValue(log, out var entries))
        {
            _logs[log] = entries = [];
        }

        entries.Add(new Entered(text, Now, files.ToDictionary(file => file.Name, file => file.Path, StringComparer.Ordinal)));
        return true;
    }

    public void Beat(string log, long token, string text) => _beats[(log, token)] = (text, Now);

    public string? LastBeat(string log, long token) => _beats.TryGetValue((log, token), out var beat) ? beat.Text : null;

    public TimeSpan Silence(string log, long token, int length)
    {
        var entry = _logs[log][length - 1].Time;
        return Now - (_beats.TryGetValue((log, token), out var beat) && beat.Time > entry ? beat.Time : entry);
    }

    /// <summary>A file's content is its path, here.</summary>
    public byte[]? Read(string log, int number, string name) =>
        _logs[log][number - 1].Files.TryGetValue(name, out string? path) ? Encoding.UTF8.GetBytes(path) : null;

    public void Fetch(string log, int number, string folder)
    {
        if (FetchFault is not null)
        {
            throw FetchFault;
        }

        foreach (var (name, path) in _logs[log][number - 1].Files)
        {
            TrialFile.Write(folder, name, stream => stream.Write(Encoding.UTF8.GetBytes(path)));
        }
    }

    public void Forget(string log, int number)
    {
        Forgotten.Add($"{log} {number}");
        _logs[log][number - 1].Files.Clear();
    }

    private bool IsSound()
    {
        if (Fault is null || FaultsLeft == 0)
        {
            return true;
        }

        FaultsLeft--;
        throw Fault;
    }

    private sealed record Entered(string Text, DateTimeOffset Time, Dictionary<string, string> Files);
}
