using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>One thing that a study varies, and the values it takes.</summary>
/// <typeparam name="TSetting">The user's own record of settings.</typeparam>
public sealed class StudyFactor<TSetting>
{
    internal StudyFactor(string name, IReadOnlyList<(string Label, Func<TSetting, TSetting> Apply)> values) => (Name, Values) = (name, values);

    /// <summary>What is varied, as the report calls it.</summary>
    public string Name { get; }

    /// <summary>The values' labels.</summary>
    public IReadOnlyList<string> Labels => [.. Values.Select(value => value.Label)];

    internal IReadOnlyList<(string Label, Func<TSetting, TSetting> Apply)> Values { get; }
}

/// <summary>Makes factors.</summary>
public static class StudyFactor
{
    /// <summary>Makes a factor.</summary>
    /// <typeparam name="TSetting">The user's own record of settings.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="name">What is varied, for example <c>batch size</c>.</param>
    /// <param name="values">The values, at least one.</param>
    /// <param name="apply">Gives a setting with the value, for example <c>(setting, value) => setting with { BatchSize = value }</c>.</param>
    /// <param name="label">How a value is called; null for the value itself.</param>
    public static StudyFactor<TSetting> Of<TSetting, TValue>(string name, IReadOnlyList<TValue> values, Func<TSetting, TValue, TSetting> apply, Func<TValue, string>? label = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(apply);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        label ??= value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return new StudyFactor<TSetting>(name, [.. values.Select(value => (label(value), (Func<TSetting, TSetting>)(setting => apply(setting, value))))]);
    }
}
