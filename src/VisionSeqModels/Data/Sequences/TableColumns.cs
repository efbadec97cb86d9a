namespace VisionSeqModels.Data;

/// <summary>Where the columns of a table are, by their roles.</summary>
internal sealed class TableColumns
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    /// <summary>Finds the columns; what is wrong is added to the faults.</summary>
    public TableColumns(IReadOnlyList<string> header, SequenceTableOptions options, TableFaults faults)
    {
        for (int i = 0; i < header.Count; i++)
        {
            if (!_places.TryAdd(header[i], i))
            {
                faults.Add(1, $"the column {TableFaults.Quote(header[i])} is there twice");
            }
        }

        FieldCount = header.Count;
        string[] targets = [.. options.Values ?? options.Forecast ?? []];
        string[] roles =
        [
            .. new[] { options.Sequence, options.Order, options.Group, options.Class }.OfType<string>(),
            .. options.Values ?? [],
        ];
        FeatureNames = options.Features ?? [.. header.Except(roles, StringComparer.Ordinal)];
        string[] missing = [.. roles.Concat(FeatureNames).Concat(targets).Distinct().Where(name => !_places.ContainsKey(name))];
        if (missing.Length > 0)
        {
            faults.Add(
                1,
                $"there is no column {string.Join(" and none ", missing.Select(TableFaults.Quote))} among "
                    + string.Join(", ", header.Select(TableFaults.Quote))
            );
        }
        else if (FeatureNames.Count == 0)
        {
            faults.Add(1, "no column is left to be a feature");
        }

        Sequence = Place(options.Sequence);
        Order = Place(options.Order);
        Group = Place(options.Group);
        Class = Place(options.Class);
        Features = [.. FeatureNames.Select(name => Place(name) ?? -1)];
        Values = [.. targets.Select(name => Place(name) ?? -1)];
        ValueNames = targets;
    }

    public int FieldCount { get; }

    public IReadOnlyList<string> FeatureNames { get; }

    public IReadOnlyList<string> ValueNames { get; }

    public int? Sequence { get; }

    public int? Order { get; }

    public int? Group { get; }

    public int? Class { get; }

    public int[] Features { get; }

    public int[] Values { get; }

    private int? Place(string? name) => name is not null && _places.TryGetValue(name, out int place) ? place : null;
}
