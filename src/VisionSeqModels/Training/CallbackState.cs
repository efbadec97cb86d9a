using System.Globalization;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>What a callback keeps between two runs of the same training: numbers, texts and tensors by name.</summary>
public sealed class CallbackState
{
    private readonly Dictionary<string, string> _values;
    private readonly Dictionary<string, Tensor> _tensors;

    internal CallbackState(Dictionary<string, string>? values = null, Dictionary<string, Tensor>? tensors = null)
    {
        _values = values ?? new(StringComparer.Ordinal);
        _tensors = tensors ?? new(StringComparer.Ordinal);
    }

    internal IReadOnlyDictionary<string, string> Values => _values;

    internal IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>Keeps a text.</summary>
    /// <param name="name">Its name; one that is there is replaced.</param>
    /// <param name="value">The text.</param>
    public void Set(string name, string value) => _values[name] = value;

    /// <summary>Keeps a whole number.</summary>
    /// <inheritdoc cref="Set(string, string)"/>
    public void Set(string name, long value) => _values[name] = value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Keeps a number, to its last bit; NaN and infinities too.</summary>
    /// <inheritdoc cref="Set(string, string)"/>
    public void Set(string name, double value) => _values[name] = value.ToString("r", CultureInfo.InvariantCulture);

    /// <summary>Keeps a tensor; it stays the caller's and is copied when the state is written, right after
    /// <c>SaveState</c>.</summary>
    /// <inheritdoc cref="Set(string, string)"/>
    public void Set(string name, Tensor value) => _tensors[name] = value;

    /// <summary>Keeps tensors under their names, as <see cref="Set(string, Tensor)"/> keeps one.</summary>
    /// <param name="tensors">The tensors by name.</param>
    internal void Set(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        foreach (var (name, tensor) in tensors)
        {
            Set(name, tensor);
        }
    }

    /// <summary>The text of that name, or null.</summary>
    /// <param name="name">Its name.</param>
    public string? GetText(string name) => _values.GetValueOrDefault(name);

    /// <summary>The whole number of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public long GetInteger(string name) =>
        long.TryParse(GetText(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Lacks(name);

    /// <summary>The number of that name.</summary>
    /// <inheritdoc cref="GetInteger"/>
    public double GetNumber(string name) =>
        double.TryParse(GetText(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw Lacks(name);

    /// <summary>The tensor of that name, on the CPU, or null; borrowed, valid until <c>LoadState</c> returns.</summary>
    /// <param name="name">Its name.</param>
    public Tensor? GetTensor(string name) => _tensors.GetValueOrDefault(name);

    private InvalidDataException Lacks(string name) =>
        new(
            $"The saved state of a callback has no '{name}', but: "
                + $"{string.Join(", ", _values.Keys.Concat(_tensors.Keys))}. It was written by another version of the "
                + "callback."
        );
}
