using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>One thing that a study varies: some given values, or a range to draw from.</summary>
internal sealed class StudyFactor<TSetting>
{
    private const int Digits = 3;
    private readonly Func<TSetting, double, TSetting>? _apply;

    private StudyFactor(StudyDimension dimension, IReadOnlyList<Value> values, Func<TSetting, double, TSetting>? apply) =>
        (Dimension, Values, _apply) = (dimension, values, apply);

    public string Name => Dimension.Name;

    /// <summary>The given values; none for a range.</summary>
    public IReadOnlyList<Value> Values { get; }

    /// <summary>As a sampler sees it.</summary>
    public StudyDimension Dimension { get; }

    /// <summary>Whether it is a range, which only a random plan or a search can take values of.</summary>
    public bool IsRange => _apply is not null;

    public Value Draw(Random random) => At(Dimension.Draw(random));

    /// <summary>The value at a sampler's number: of a range that number, to three digits.</summary>
    public Value At(double number)
    {
        if (!IsRange)
        {
            return Values[(int)number];
        }

        double value = Math.Clamp(Rounded(number), Dimension.From, Dimension.To);
        return new Value(value.ToString(CultureInfo.InvariantCulture), value, setting => _apply!(setting, value));
    }

    /// <summary>The value that has a label, or null.</summary>
    public Value? OfLabel(string label)
    {
        if (!IsRange)
        {
            return Values.FirstOrDefault(value => value.Label == label);
        }

        bool isNumber =
            double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number);
        return isNumber && At(number) is var value && value.Label == label ? value : null;
    }

    public static StudyFactor<TSetting> Of<TValue>(
        string name,
        IReadOnlyList<TValue> values,
        Func<TSetting, TValue, TSetting> apply,
        Func<TValue, string>? label
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(apply);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        label ??= value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return new(
            StudyDimension.Values(name, values.Count),
            [.. values.Select((value, i) => new Value(label(value), i, setting => apply(setting, value)))],
            apply: null
        );
    }

    /// <param name="name">What is varied.</param>
    /// <param name="from">The least value.</param>
    /// <param name="to">The largest value.</param>
    /// <param name="apply">Gives a setting with the value.</param>
    /// <param name="isLogarithmic">Whether its logarithms are evenly spread.</param>
    public static StudyFactor<TSetting> Range(
        string name,
        double from,
        double to,
        Func<TSetting, double, TSetting> apply,
        bool isLogarithmic
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
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

        return new(StudyDimension.Range(name, from, to, isLogarithmic), [], apply);
    }

    private static double Rounded(double value) =>
        double.Parse(value.ToString($"G{Digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A value: its label, its number as a sampler sees it, and how a setting gets it.</summary>
    internal sealed record Value(string Label, double Number, Func<TSetting, TSetting> Apply);
}
