using System.Text;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A ledger's logs in memory, with files, and with a clock that a test sets.</summary>
internal sealed class ClockedStore : ILedgerStore
{
    private readonly Lock _own = new();
    private readonly SortedDictionary<string, List<Entered>> _logs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Log, long Token), (string Text, DateTimeOffset Time)> _beats = [];

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Runs before an entry is appended: what another worker does meanwhile.</summary>
    public Action? Meanwhile { get; set; }

    /// <summary>Runs before files are read, once.</summary>
    public Action? BeforeRead { get; set; }

    /// <summary>What everything that is asked fails with.</summary>
    public IOException? Fault { get; set; }

    /// <summary>How often more it fails; null for ever.</summary>
    public int? FaultsLeft { get; set; }

    /// <summary>What writing files into a folder fails with.</summary>
    public IOException? FetchFault { get; set; }

    /// <summary>Whether it does so again and again.</summary>
    public bool KeepsFetchFault { get; set; } = true;

    public List<string> Forgotten { get; } = [];

    public int Reads { get; private set; }

    public string Name => "memory";

    public IReadOnlyList<string> Logs(string prefix)
    {
        lock (_own)
        {
            return IsSound() ? [.. _logs.Keys.Where(log => log.StartsWith(prefix, StringComparison.Ordinal))] : [];
        }
    }

    public int Length(string log)
    {
        lock (_own)
        {
            return IsSound() ? _logs.GetValueOrDefault(log)?.Count ?? 0 : 0;
        }
    }

    public string Entry(string log, int number)
    {
        lock (_own)
        {
            Reads++;
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
        var meanwhile = Meanwhile;
        Meanwhile = null;
        meanwhile?.Invoke();
        lock (_own)
        {
            if (Length(log) != number - 1)
            {
                return false;
            }

            if (!_logs.TryGetValue(log, out var entries))
            {
                _logs[log] = entries = [];
            }

            entries.Add(new Entered(text, Now, files.ToDictionary(file => file.Name, ContentOf, StringComparer.Ordinal)));
            return true;
        }
    }

    public void Beat(string log, long token, string text)
    {
        lock (_own)
        {
            _beats[(log, token)] = (text, Now);
        }
    }

    public string? LastBeat(string log, long token)
    {
        lock (_own)
        {
            return _beats.TryGetValue((log, token), out var beat) ? beat.Text : null;
        }
    }

    public TimeSpan Silence(string log, long token, int length)
    {
        lock (_own)
        {
            var entry = _logs[log][length - 1].Time;
            return Now - (_beats.TryGetValue((log, token), out var beat) && beat.Time > entry ? beat.Time : entry);
        }
    }

    public byte[]? Read(string log, int number, string name)
    {
        Interrupt();
        lock (_own)
        {
            return _logs[log][number - 1].Files.GetValueOrDefault(name);
        }
    }

    public void Fetch(string log, int number, string folder)
    {
        Interrupt();
        if (FetchFault is IOException fault)
        {
            FetchFault = KeepsFetchFault ? fault : null;
            throw fault;
        }

        lock (_own)
        {
            foreach (var (name, content) in _logs[log][number - 1].Files)
            {
                TrialFile.Write(folder, name, stream => stream.Write(content));
            }
        }
    }

    public void Forget(string log, int number)
    {
        lock (_own)
        {
            Forgotten.Add($"{log} {number}");
            _logs[log][number - 1].Files.Clear();
        }
    }

    /// <summary>That of the file; its path, where there is none.</summary>
    private static byte[] ContentOf(TrialFile file) =>
        File.Exists(file.Path) ? File.ReadAllBytes(file.Path) : Encoding.UTF8.GetBytes(file.Path);

    private void Interrupt()
    {
        var before = BeforeRead;
        BeforeRead = null;
        before?.Invoke();
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

    private sealed record Entered(string Text, DateTimeOffset Time, Dictionary<string, byte[]> Files);
}
