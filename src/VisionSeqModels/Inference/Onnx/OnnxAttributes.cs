namespace VisionSeqModels.Inference;

/// <summary>The attributes of a node, as long, float, string, or arrays of these. It knows which were read, so that none is
/// overlooked.</summary>
internal sealed class OnnxAttributes
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public OnnxAttributes(IEnumerable<(string Name, object Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            _values.Add(name, Plain(name, value));
        }
    }

    public IEnumerable<KeyValuePair<string, object>> All => _values;

    /// <summary>The names that no operator has read.</summary>
    public IEnumerable<string> Unread => _values.Keys.Except(_read);

    public long Int(string name, long otherwise = 0) => (long)(Find(name) ?? otherwise);

    public double Number(string name, double otherwise) => Find(name) is float value ? value : otherwise;

    public string Text(string name, string otherwise) => (string)(Find(name) ?? otherwise);

    public long[]? Ints(string name) => (long[]?)Find(name);

    public string[]? Texts(string name) => (string[]?)Find(name);

    private object? Find(string name)
    {
        _read.Add(name);
        return _values.GetValueOrDefault(name);
    }

    private static object Plain(string name, object value) =>
        value switch
        {
            bool truth => truth ? 1L : 0L,
            int number => (long)number,
            double number => (float)number,
            long or float or string or long[] or float[] or string[] => value,
            IEnumerable<long> numbers => numbers.ToArray(),
            IEnumerable<int> numbers => numbers.Select(number => (long)number).ToArray(),
            IEnumerable<double> numbers => numbers.Select(number => (float)number).ToArray(),
            IEnumerable<string> texts => texts.ToArray(),
            _ => throw new ArgumentException(
                $"The attribute '{name}' must be a whole number, a number, a text, or a list of these, but is "
                    + $"{value?.GetType().Name ?? "null"}.",
                nameof(value)
            ),
        };
}
