namespace VisionSeqModels.Tests.Conventions;

/// <summary>The strongly connected parts of the graph of files.</summary>
/// <remarks>Tarjan, "Depth-first search and linear graph algorithms" (1972).</remarks>
internal sealed class FileCycles
{
    private readonly ILookup<string, string> _used;
    private readonly Dictionary<string, int> _seen = [];
    private readonly Stack<string> _path = new();
    private readonly List<IReadOnlyList<string>> _cycles = [];

    private FileCycles(IEnumerable<(string User, string Used)> uses) =>
        _used = uses.Select(use => (From: File(use.User), To: File(use.Used)))
            .Where(use => use.From != use.To)
            .Distinct()
            .ToLookup(use => use.From, use => use.To);

    /// <summary>The groups of files of which each uses, over others of the group, each other one.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> In(IEnumerable<(string User, string Used)> uses)
    {
        var search = new FileCycles(uses);
        foreach (string file in search._used.Select(entry => entry.Key).Where(file => !search._seen.ContainsKey(file)).ToList())
        {
            search.Visit(file);
        }

        return search._cycles;
    }

    private static string File(string type) => Path.GetFileName(Floors.Files[type]);

    private int Visit(string file)
    {
        if (_seen.TryGetValue(file, out int index))
        {
            return _path.Contains(file) ? index : int.MaxValue;
        }

        index = _seen.Count;
        int lowest = index;
        _seen[file] = index;
        _path.Push(file);
        foreach (string used in _used[file])
        {
            lowest = Math.Min(lowest, Visit(used));
        }

        if (lowest == index)
        {
            Close(file);
        }

        return lowest;
    }

    private void Close(string file)
    {
        var cycle = new List<string>();
        string last;
        do
        {
            last = _path.Pop();
            cycle.Add(last);
        } while (last != file);
        if (cycle.Count > 1)
        {
            _cycles.Add(cycle);
        }
    }
}
