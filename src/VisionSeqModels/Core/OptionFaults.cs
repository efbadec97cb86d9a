using System.Globalization;

namespace VisionSeqModels.Core;

/// <summary>Collects the faults of an options object, so that one exception reports them all.</summary>
internal sealed class OptionFaults(string optionsType)
{
    private readonly List<string> _faults = [];

    /// <summary>Adds a sentence of the form "Name must be …, but is …" unless the condition holds.</summary>
    public OptionFaults Require(bool condition, string name, string must, object? value)
    {
        if (!condition)
        {
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} must be {must}, but is {value ?? "null"}."));
        }

        return this;
    }

    /// <summary>A list that is not null and has no null in it.</summary>
    public OptionFaults List<T>(string name, IEnumerable<T>? list)
        where T : class =>
        Require(
            list?.Contains(null!) == false,
            name,
            "a list without null in it (an empty one is fine)",
            list is null ? null : "one with null in it"
        );

    /// <summary>Formats numbers for a message, the same in any culture.</summary>
    public static string? Text(IEnumerable<double>? numbers) =>
        numbers is null ? null : string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    public OptionFaults AtLeast(long minimum, string name, long value) =>
        Require(value >= minimum, name, string.Create(CultureInfo.InvariantCulture, $"at least {minimum}"), value);

    public OptionFaults Positive(string name, double value) =>
        Require(double.IsFinite(value) && value > 0, name, "a finite number above 0", value);

    public OptionFaults PositiveOrNull(string name, double? value) =>
        Require(value is null || (double.IsFinite(value.Value) && value > 0), name, "null or a finite number above 0", value);

    public OptionFaults NotNegative(string name, double value) =>
        Require(double.IsFinite(value) && value >= 0, name, "a finite number of at least 0", value);

    /// <summary>A fraction such as momentum: 0 ≤ value &lt; 1.</summary>
    public OptionFaults BelowOne(string name, double value) =>
        Require(value >= 0 && value < 1, name, "at least 0 and below 1", value);

    public OptionFaults Add(string fault)
    {
        _faults.Add(fault);
        return this;
    }

    /// <summary>Adds faults as they are.</summary>
    public OptionFaults Include(IEnumerable<string> faults)
    {
        _faults.AddRange(faults);
        return this;
    }

    /// <summary>Adds the faults of a nested options object, each after its name.</summary>
    public OptionFaults Include(string name, IEnumerable<string> faults)
    {
        _faults.AddRange(faults.Select(fault => $"{name}.{fault}"));
        return this;
    }

    public IReadOnlyList<string> All => _faults;

    public void ThrowIfAny()
    {
        if (_faults.Count > 0)
        {
            throw new InvalidOptionsException(optionsType, _faults);
        }
    }
}
