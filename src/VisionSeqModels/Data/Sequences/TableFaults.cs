using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Collects the faults of a table, so that one exception reports them: the first ones with their lines, and how many
/// more there are.</summary>
internal sealed class TableFaults(string path)
{
    private const int MaximumShown = 20;
    private const int MaximumText = 60;
    private readonly List<string> _shown = [];
    private int _count;

    public bool Any => _count > 0;

    /// <summary>Adds a fault of a line, from 1.</summary>
    public void Add(int line, string fault) => Add(string.Create(CultureInfo.InvariantCulture, $"line {line}: {fault}"));

    /// <summary>Adds a fault of the whole file.</summary>
    public void Add(string fault)
    {
        if (_count++ < MaximumShown)
        {
            _shown.Add(fault);
        }
    }

    /// <summary>A text of the file as messages quote it: on one line, and not too long.</summary>
    public static string Quote(string text)
    {
        string plain = PlainText.Of(text);
        return plain.Length <= MaximumText ? $"'{plain}'" : $"'{plain[..MaximumText]}…'";
    }

    /// <exception cref="DatasetFormatException">There are faults.</exception>
    public void ThrowIfAny()
    {
        if (_count == 0)
        {
            return;
        }

        string more = _count > _shown.Count ? FormattableString.Invariant($"; and {_count - _shown.Count} more") : "";
        string faults = string.Join("; ", _shown) + more;
        throw new DatasetFormatException(
            path,
            _count == 1
                ? $"has a fault: {faults}."
                : string.Create(CultureInfo.InvariantCulture, $"has {_count} faults: {faults}."),
            advice: "Correct the file, or SequenceTableOptions."
        );
    }
}
