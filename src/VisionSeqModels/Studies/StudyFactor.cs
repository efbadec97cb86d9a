using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>One thing that a study varies: some given values, or a range to draw from.</summary>
internal sealed class StudyFactor<TSetting>
{
    private const int Digits = 3;
    private readonly Func<Random, Value>? _draw;

    private StudyFactor(string name, IReadOnlyList<Value> values, Func<Random, Value>? draw)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Name, Values, _draw) = (name, values, draw);
    }

    public string Name { get; }

    /// <summary>The given values; none for a range.</summary>
    public IReadOnlyList<Value> Values { get; }

    /// <summary>Whether it is a range, which only a random plan can take values of.</summary>
    public bool IsRange => _draw is not null;

    public Value Draw(Random random) => _draw?.Invoke(random) ?? Values[random.Next(Values.Count)];

    public static StudyFactor<TSetting> Of<TValue>(
        string name,
        IReadOnlyList<TValue> values,
        Func<TSetting, TValue, TSetting> apply,
        Func<TValue, string>? label
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(apply);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        label ??= value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return new(name, [.. values.Select(value => new Value(label(value), setting => apply(setting, value)))], draw: null);
    }

    /// <param name="name">What is varied.</param>
    /// <param name="from">The least value.</param>
    /// <param name="to">The largest value.</param>
    /// <param name="apply">Gives a setting with the value.</param>
    /// <param name="place">Turns a number in 0..1 into a value of the range.</param>
    public static StudyFactor<TSetting> Range(
        string name,
        double from,
        double to,
        Func<TSetting, double, TSetting> apply,
        Func<double, double> place
    )
    {
        ArgumentNullException.ThrowIfNull(apply);
        if (!double.IsFinite(from) || !double.IsFinite(to) || from >= to)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The factor '{name}' must be a range from a finite number to a larger one, but is {from} to {to}."
                )
            );
        }

        return new(
            name,
            [],
            random =>
            {
                double value = Math.Clamp(Rounded(place(random.NextDouble())), from, to);
                return new Value(value.ToString(CultureInfo.InvariantCulture), setting => apply(setting, value));
            }
        );
    }

    private static double Rounded(double value) =>
        double.Parse(value.ToString($"G{Digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A value: its label, and how a setting gets it.</summary>
    internal sealed record Value(string Label, Func<TSetting, TSetting> Apply);
}
