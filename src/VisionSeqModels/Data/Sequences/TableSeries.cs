using System.Runtime.InteropServices;

namespace VisionSeqModels.Data;

/// <summary>The rows of one sequence of a table.</summary>
/// <param name="name">What the file calls it.</param>
/// <param name="firstLine">The line of its first row.</param>
internal sealed class TableSeries(string name, int firstLine)
{
    private readonly List<(OrderKey Key, int Line)> _keys = [];
    private readonly List<float> _features = [];
    private readonly List<float> _values = [];
    private readonly List<int> _classes = [];

    public string Name => name;

    public int FirstLine => firstLine;

    public string? Group { get; set; }

    public int Count => _keys.Count;

    /// <summary>The features, row after row; missing ones are not-a-number.</summary>
    public float[] Features { get; private set; } = [];

    /// <summary>The numbers that are targets, row after row.</summary>
    public float[] Values { get; private set; } = [];

    /// <summary>The class of each row.</summary>
    public int[] Classes { get; private set; } = [];

    /// <summary>The place of each row in the order.</summary>
    public OrderKey[] Keys { get; private set; } = [];

    /// <summary>The line of each row.</summary>
    public int[] Lines { get; private set; } = [];

    public void Add(OrderKey key, int line, ReadOnlySpan<float> features, ReadOnlySpan<float> values, int label)
    {
        _keys.Add((key, line));
        _features.AddRange(features);
        _values.AddRange(values);
        _classes.Add(label);
    }

    /// <summary>Puts the rows in their order.</summary>
    public void Sort()
    {
        var keys = CollectionsMarshal.AsSpan(_keys);
        int[] order = new int[keys.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort([.. _keys], order); // by key, then by line: no two are equal
        Keys = Array.ConvertAll(order, i => _keys[i].Key);
        Lines = Array.ConvertAll(order, i => _keys[i].Line);
        Classes = Array.ConvertAll(order, i => _classes[i]);
        Features = Rows(_features, order);
        Values = Rows(_values, order);
    }

    private static float[] Rows(List<float> table, int[] order)
    {
        int columns = order.Length == 0 ? 0 : table.Count / order.Length;
        float[] sorted = new float[table.Count];
        for (int i = 0; i < order.Length; i++)
        {
            CollectionsMarshal.AsSpan(table).Slice(order[i] * columns, columns).CopyTo(sorted.AsSpan(i * columns));
        }

        return sorted;
    }
}
