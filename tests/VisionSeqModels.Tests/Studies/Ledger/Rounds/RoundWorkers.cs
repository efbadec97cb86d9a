namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>Eight workers in four namespaces, which all rounds use; and the same study by one process.</summary>
public sealed class RoundWorkers : IDisposable
{
    private const int Count = 8;
    private const int HostCount = 4;
    private readonly TempFolder _folder = new();
    private readonly Lazy<RoundHosts> _hosts = new(() => new RoundHosts(HostCount));
    private readonly Lazy<IReadOnlyList<RoundSlot>> _slots;
    private readonly Lazy<SortedDictionary<string, string>> _whole;
    private readonly Lazy<PostgreSqlServer> _server;
    private bool _hasDisk;

    public RoundWorkers()
    {
        _slots = new(Begin);
        _whole = new(Alone);
        _server = new(() => new PostgreSqlServer(Hosts.Address));
    }

    internal RoundHosts Hosts => _hosts.Value;

    internal IReadOnlyList<RoundSlot> Slots => _slots.Value;

    internal PostgreSqlServer Server => _server.Value;

    /// <summary>The weight files of one process.</summary>
    internal SortedDictionary<string, string> Whole => _whole.Value;

    /// <summary>A small disk that all workers see.</summary>
    internal string Disk => _folder["disk"];

    public void Dispose()
    {
        foreach (var slot in _slots.IsValueCreated ? _slots.Value : [])
        {
            slot.Dispose();
        }

        if (_server.IsValueCreated)
        {
            _server.Value.Dispose();
        }

        if (_hosts.IsValueCreated)
        {
            _hosts.Value.Dispose();
        }

        if (_hasDisk)
        {
            RoundHosts.Shell($"umount '{Disk}'");
        }

        _folder.Dispose();
    }

    private RoundSlot[] Begin()
    {
        Directory.CreateDirectory(Disk);
        RoundHosts.Shell($"mount -t tmpfs -o size=192m tmpfs '{Disk}'"); // before the namespaces' processes: they get its mounts
        _hasDisk = true;
        RoundSlot[] slots = [.. Enumerable.Range(0, Count).Select(i => new RoundSlot(Hosts, i))];
        Array.ForEach(slots, slot => slot.Start());
        return slots;
    }

    private SortedDictionary<string, string> Alone()
    {
        string folder = _folder["alone"];
        LedgerStudy.Run(folder, RoundWorker.Options, epochs: RoundWorker.Epochs);
        return LedgerStudy.Hashes(folder);
    }
}
