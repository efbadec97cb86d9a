namespace VisionSeqModels.Studies;

/// <summary>The settings that a study compares.</summary>
/// <typeparam name="TSetting">The user's own record of settings.</typeparam>
public sealed class StudyPlan<TSetting>
{
    internal StudyPlan(IReadOnlyList<StudySetting<TSetting>> settings)
    {
        Settings = settings;
        var twice = settings
            .GroupBy(setting => setting.Name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key)
            .ToList();
        if (settings.Count == 0 || twice.Count > 0)
        {
            throw new ArgumentException(
                settings.Count == 0
                    ? "A study needs at least one setting."
                    : "Settings of a study need names of their own, but these are there twice: "
                        + $"{string.Join(", ", twice)}. Give values that differ different labels."
            );
        }
    }

    /// <summary>The settings, in the order in which they are tried.</summary>
    public IReadOnlyList<StudySetting<TSetting>> Settings { get; }
}

/// <summary>Makes plans.</summary>
public static class StudyPlan
{
    /// <summary>Varies one factor after another about a base setting, all others staying as they are there: the base, and
    /// each value that differs from it.</summary>
    /// <typeparam name="TSetting">The user's own record of settings.</typeparam>
    /// <param name="baseSetting">The setting that the others are compared with.</param>
    /// <param name="factors">The factors; the first value of each must be the base's own.</param>
    public static StudyPlan<TSetting> OneFactorAtATime<TSetting>(
        TSetting baseSetting,
        params IReadOnlyList<StudyFactor<TSetting>> factors
    )
    {
        WithValues(factors);
        var atBase = factors.ToDictionary(factor => factor.Name, factor => factor.Values[0].Label, StringComparer.Ordinal);
        var settings = new List<StudySetting<TSetting>>
        {
            new("base", factors.Aggregate(baseSetting, (setting, factor) => factor.Values[0].Apply(setting)), atBase),
        };
        foreach (var factor in factors)
        {
            settings.AddRange(
                factor
                    .Values.Skip(1)
                    .Select(value => new StudySetting<TSetting>(
                        $"{factor.Name} {value.Label}",
                        value.Apply(settings[0].Value),
                        new Dictionary<string, string>(atBase, StringComparer.Ordinal) { [factor.Name] = value.Label }
                    ))
            );
        }

        return new StudyPlan<TSetting>(settings);
    }

    /// <summary>Tries every combination of the factors' values.</summary>
    /// <typeparam name="TSetting">The user's own record of settings.</typeparam>
    /// <param name="baseSetting">What the values are put into.</param>
    /// <param name="factors">The factors, at least one.</param>
    public static StudyPlan<TSetting> Grid<TSetting>(TSetting baseSetting, params IReadOnlyList<StudyFactor<TSetting>> factors)
    {
        WithValues(factors);
        IEnumerable<(TSetting Setting, Dictionary<string, string> Labels)> all =
        [
            (baseSetting, new Dictionary<string, string>(StringComparer.Ordinal)),
        ];
        foreach (var factor in factors)
        {
            all = all.SelectMany(entry =>
                factor.Values.Select(value =>
                    (
                        value.Apply(entry.Setting),
                        new Dictionary<string, string>(entry.Labels, StringComparer.Ordinal) { [factor.Name] = value.Label }
                    )
                )
            );
        }

        return new StudyPlan<TSetting>([.. all.Select(entry => Named(entry.Setting, entry.Labels))]);
    }

    /// <summary>Tries settings drawn at random: of each factor a value, whatever those of the others. Often better than a
    /// grid of as many trials, since every trial tries another value of what matters.</summary>
    /// <remarks>Source: Bergstra, Bengio: Random Search for Hyper-Parameter Optimization (2012). The first settings are the
    /// same whatever their number, so that a study can be extended.</remarks>
    /// <typeparam name="TSetting">The user's own record of settings.</typeparam>
    /// <param name="baseSetting">What the values are put into.</param>
    /// <param name="count">How many settings.</param>
    /// <param name="seed">The draw's own seed.</param>
    /// <param name="factors">The factors, at least one; ranges are allowed.</param>
    /// <exception cref="ArgumentException">The factors do not have so many combinations.</exception>
    public static StudyPlan<TSetting> Random<TSetting>(
        TSetting baseSetting,
        int count,
        int seed,
        params IReadOnlyList<StudyFactor<TSetting>> factors
    )
    {
        ArgumentNullException.ThrowIfNull(factors);
        ArgumentOutOfRangeException.ThrowIfZero(factors.Count, nameof(factors));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double combinations = factors.Aggregate(
            1.0,
            (product, factor) => product * (factor.IsRange ? double.PositiveInfinity : factor.Values.Count)
        );
        if (count > combinations)
        {
            throw new ArgumentException(
                $"{count} settings were asked for, but the factors have {combinations:f0} combinations. Ask for "
                    + "fewer, or give a factor more values or a range.",
                nameof(count)
            );
        }

        var random = new Random(seed);
        var settings = new Dictionary<string, StudySetting<TSetting>>(StringComparer.Ordinal);
        for (int tries = 0; settings.Count < count; tries++)
        {
            if (tries == 1000 + (100 * count))
            {
                throw new ArgumentException(
                    $"{count} settings were asked for, but {tries} draws gave {settings.Count} different ones, to "
                        + "three digits. Ask for fewer, or give wider ranges.",
                    nameof(count)
                );
            }

            var values = factors.Select(factor => (factor.Name, Value: factor.Draw(random))).ToList();
            var setting = Named(
                values.Aggregate(baseSetting, (setting, entry) => entry.Value.Apply(setting)),
                values.ToDictionary(entry => entry.Name, entry => entry.Value.Label, StringComparer.Ordinal)
            );
            settings.TryAdd(setting.Name, setting);
        }

        return new StudyPlan<TSetting>([.. settings.Values]);
    }

    /// <summary>Tries settings one by one.</summary>
    /// <typeparam name="TSetting">The user's own record of settings.</typeparam>
    /// <param name="settings">The settings by name.</param>
    public static StudyPlan<TSetting> List<TSetting>(params IReadOnlyList<(string Name, TSetting Setting)> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new StudyPlan<TSetting>([
            .. settings.Select(entry => new StudySetting<TSetting>(
                entry.Name,
                entry.Setting,
                new Dictionary<string, string>(StringComparer.Ordinal) { ["setting"] = entry.Name }
            )),
        ]);
    }

    private static StudySetting<TSetting> Named<TSetting>(TSetting setting, IReadOnlyDictionary<string, string> labels) =>
        new(string.Join(", ", labels.Select(label => $"{label.Key} {label.Value}")), setting, labels);

    private static void WithValues<TSetting>(IReadOnlyList<StudyFactor<TSetting>> factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        if (factors.FirstOrDefault(factor => factor.IsRange) is StudyFactor<TSetting> range)
        {
            throw new ArgumentException(
                $"The factor '{range.Name}' is a range, which has no values to try one by one. Use StudyPlan.Random, "
                    + "or StudyFactor.Of with values.",
                nameof(factors)
            );
        }
    }
}
