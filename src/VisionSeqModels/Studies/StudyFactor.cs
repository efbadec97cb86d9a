using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>One thing that a study varies, and the values it takes: some given ones, or a range to draw from.</summary>
/// <typeparam name="TSetting">The user's own record of settings.</typeparam>
public sealed class StudyFactor<TSetting>
{
    private readonly Func<Random, FactorValue<TSetting>>? _draw;

    internal StudyFactor(string name, IReadOnlyList<FactorValue<TSetting>> values) => (Name, Values) = (name, values);

    internal StudyFactor(string name, Func<Random, FactorValue<TSetting>> draw) => (Name, Values, _draw) = (name, [], draw);

    /// <summary>What is varied, as the report calls it.</summary>
    public string Name { get; }

    /// <summary>The values' labels; none for a range.</summary>
    public IReadOnlyList<string> Labels => [.. Values.Select(value => value.Label)];

    /// <summary>Whether it is a range, which only <see cref="StudyPlan.Random"/> can take values of.</summary>
    public bool IsRange => _draw is not null;

    internal IReadOnlyList<FactorValue<TSetting>> Values { get; }

    internal FactorValue<TSetting> Draw(Random random) => _draw?.Invoke(random) ?? Values[random.Next(Values.Count)];
}

/// <summary>Makes factors.</summary>
public static class StudyFactor
{
    private const int Digits = 3;

    /// <summary>Makes a factor of given values.</summary>
    /// <typeparam name="TSetting">The user's own record of settings.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="name">What is varied, for example <c>batch size</c>.</param>
    /// <param name="values">The values, at least one.</param>
    /// <param name="apply">Gives a setting with the value, for example
    /// <c>(setting, value) => setting with { BatchSize = value }</c>.</param>
    /// <param name="label">How a value is called; null for the value itself.</param>
    public static StudyFactor<TSetting> Of<TSetting, TValue>(
        string name,
        IReadOnlyList<TValue> values,
        Func<TSetting, TValue, TSetting> apply,
        Func<TValue, string>? label = null
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(apply);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        label ??= value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return new StudyFactor<TSetting>(
            name,
            [.. values.Select(value => new FactorValue<TSetting>(label(value), setting => apply(setting, value)))]
        );
    }

    /// <summary>Makes a factor of a range of numbers, each part of it as likely as any other of its length, for
    /// <see cref="StudyPlan.Random"/>.</summary>
    /// <typeparam name="TSetting">The user's own record of settings.</typeparam>
    /// <param name="name">What is varied, for example <c>dropout</c>.</param>
    /// <param name="from">The least value.</param>
    /// <param name="to">The largest value.</param>
    /// <param name="apply">Gives a setting with the value, which has three significant digits, as its label has.</param>
    public static StudyFactor<TSetting> Uniform<TSetting>(
        string name,
        double from,
        double to,
        Func<TSetting, double, TSetting> apply
    )
    {
        Check(name, from, to, apply);
        return Range(name, from, to, apply, random => from + ((to - from) * random.NextDouble()));
    }

    /// <summary>Makes a factor of a range of numbers whose logarithms are evenly spread, for learning rates and the like,
    /// for <see cref="StudyPlan.Random"/>.</summary>
    /// <typeparam name="TSetting">The user's own record of settings.</typeparam>
    /// <param name="name">What is varied, for example <c>learning rate</c>.</param>
    /// <param name="from">The least value, above 0.</param>
    /// <param name="to">The largest value.</param>
    /// <param name="apply">Gives a setting with the value, which has three significant digits, as its label has.</param>
    public static StudyFactor<TSetting> LogUniform<TSetting>(
        string name,
        double from,
        double to,
        Func<TSetting, double, TSetting> apply
    )
    {
        Check(name, from, to, apply);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(from);
        return Range(name, from, to, apply, random => from * Math.Pow(to / from, random.NextDouble()));
    }

    private static void Check(string name, double from, double to, object apply)
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
    }

    private static StudyFactor<TSetting> Range<TSetting>(
        string name,
        double from,
        double to,
        Func<TSetting, double, TSetting> apply,
        Func<Random, double> draw
    ) =>
        new(
            name,
            random =>
            {
                string label = Math.Clamp(
                        double.Parse(
                            draw(random).ToString($"G{Digits}", CultureInfo.InvariantCulture),
                            CultureInfo.InvariantCulture
                        ),
                        from,
                        to
                    )
                    .ToString(CultureInfo.InvariantCulture);
                return new FactorValue<TSetting>(
                    label,
                    setting => apply(setting, double.Parse(label, CultureInfo.InvariantCulture))
                );
            }
        );
}
