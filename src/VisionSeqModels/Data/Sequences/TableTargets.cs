using System.Globalization;

namespace VisionSeqModels.Data;

/// <summary>The targets of a table's samples.</summary>
internal sealed class TableTargets
{
    private readonly TableReader _table;
    private readonly IReadOnlyList<TableSeries> _series;
    private readonly SequenceTableOptions _options;
    private readonly int[] _places; // of each class as it was met, its place among the sorted names

    public TableTargets(TableReader table, SequenceTableOptions options)
    {
        (_table, _series, _options) = (table, table.Series, options);
        ClassNames = Sorted(table.Classes);
        var places = ClassNames.Select((name, i) => (name, i)).ToDictionary(entry => entry.name, entry => entry.i);
        _places = [.. table.Classes.Select(name => places[name])];
    }

    /// <summary>The names of the classes: in the order of whole numbers where all are, else of their letters.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The targets of some samples.</summary>
    public SequenceTargets Of(List<TableSample> samples)
    {
        bool perStep = _options.TargetEachStep;
        if (_options.Class is not null)
        {
            return new SequenceTargets([.. samples.Select(sample => Classes(sample, perStep))], null, 0, perStep);
        }

        return new SequenceTargets(
            null,
            [.. samples.Select(sample => Values(sample, perStep))],
            _table.Columns.Values.Length,
            perStep
        );
    }

    private int[] Classes(TableSample sample, bool perStep)
    {
        int[] all = _series[sample.Series].Classes;
        return [.. (perStep ? all : all[..1]).Select(label => _places[label])];
    }

    private float[] Values(TableSample sample, bool perStep)
    {
        int columns = _table.Columns.Values.Length;
        float[] all = _series[sample.Series].Values;
        return perStep ? all : all[(sample.Target * columns)..((sample.Target + 1) * columns)];
    }

    private static string[] Sorted(IReadOnlyList<string> names)
    {
        bool areNumbers = names.All(name =>
            long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
        );
        return areNumbers
            ? [.. names.OrderBy(name => long.Parse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))]
            : [.. names.Order(StringComparer.Ordinal)];
    }
}
