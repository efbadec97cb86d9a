namespace VisionSeqModels.Studies;

/// <summary>A base setting and the factors to vary in it; see <see cref="StudyPlan.From"/>. It does not change: each
/// <c>Vary</c> returns a builder with one factor more.</summary>
/// <typeparam name="TSetting">The user's own record of settings.</typeparam>
public sealed class StudyPlanBuilder<TSetting>
{
    private readonly TSetting _base;
    private readonly IReadOnlyList<StudyFactor<TSetting>> _factors;

    internal StudyPlanBuilder(TSetting baseSetting, IReadOnlyList<StudyFactor<TSetting>> factors) =>
        (_base, _factors) = (baseSetting, factors);

    /// <summary>Adds a factor of given values.</summary>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="name">What is varied, as the report calls it, for example <c>batch size</c>.</param>
    /// <param name="values">The values, at least one.</param>
    /// <param name="apply">Gives a setting with the value, for example
    /// <c>(setting, value) => setting with { BatchSize = value }</c>.</param>
    /// <param name="label">The label of a value; null for the value itself.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or there is no value.</exception>
    public StudyPlanBuilder<TSetting> Vary<TValue>(
        string name,
        IReadOnlyList<TValue> values,
        Func<TSetting, TValue, TSetting> apply,
        Func<TValue, string>? label = null
    ) => With(StudyFactor<TSetting>.Of(name, values, apply, label));

    /// <summary>Adds a range of numbers for <see cref="Random"/> and <see cref="Search"/>: each part of it is as likely as
    /// any other of its length.</summary>
    /// <param name="name">What is varied, for example <c>dropout</c>.</param>
    /// <param name="from">The least value.</param>
    /// <param name="to">The largest value.</param>
    /// <param name="apply">Gives a setting with the value, which has three significant digits, as its label has.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or the range is none.</exception>
    public StudyPlanBuilder<TSetting> VaryUniform(string name, double from, double to, Func<TSetting, double, TSetting> apply) =>
        With(StudyFactor<TSetting>.Range(name, from, to, apply, isLogarithmic: false));

    /// <summary>Adds a range of numbers for <see cref="Random"/> and <see cref="Search"/> whose logarithms are evenly spread:
    /// for learning rates and the like.</summary>
    /// <param name="name">What is varied, for example <c>learning rate</c>.</param>
    /// <param name="from">The least value, above 0.</param>
    /// <param name="to">The largest value.</param>
    /// <param name="apply">Gives a setting with the value, which has three significant digits, as its label has.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or the range is none, or not above 0.</exception>
    public StudyPlanBuilder<TSetting> VaryLogUniform(
        string name,
        double from,
        double to,
        Func<TSetting, double, TSetting> apply
    ) => With(StudyFactor<TSetting>.Range(name, from, to, apply, isLogarithmic: true));

    /// <summary>Varies one factor after another, with all others as in the base: the base, and each value that differs from
    /// it. The first value of each factor is the base's own.</summary>
    /// <exception cref="ArgumentException">A factor is a range, or two settings have the same name.</exception>
    /// <exception cref="InvalidOperationException">There is no factor.</exception>
    public StudyPlan<TSetting> OneAtATime()
    {
        CheckValues();
        var atBase = _factors.ToDictionary(factor => factor.Name, factor => factor.Values[0].Label, StringComparer.Ordinal);
        var first = _factors.Aggregate(_base, (setting, factor) => factor.Values[0].Apply(setting));
        return new StudyPlan<TSetting>([
            new("base", first, atBase),
            .. _factors.SelectMany(factor =>
                factor
                    .Values.Skip(1)
                    .Select(value => new StudySetting<TSetting>(
                        $"{factor.Name} {value.Label}",
                        value.Apply(first),
                        new Dictionary<string, string>(atBase, StringComparer.Ordinal) { [factor.Name] = value.Label }
                    ))
            ),
        ])
        {
            Kind = StudyPlanKind.OneAtATime,
        };
    }

    /// <summary>Tries every combination of the factors' values.</summary>
    /// <exception cref="ArgumentException">A factor is a range, or two settings have the same name.</exception>
    /// <exception cref="InvalidOperationException">There is no factor.</exception>
    public StudyPlan<TSetting> Grid()
    {
        CheckValues();
        IEnumerable<IReadOnlyList<(string Name, StudyFactor<TSetting>.Value Value)>> combinations =
        [
            [],
        ];
        foreach (var factor in _factors)
        {
            combinations = combinations.SelectMany(
                _ => factor.Values,
                (combination, value) =>
                    (IReadOnlyList<(string, StudyFactor<TSetting>.Value)>)[.. combination, (factor.Name, value)]
            );
        }

        return new StudyPlan<TSetting>([.. combinations.Select(Setting)]) { Kind = StudyPlanKind.Grid };
    }

    /// <summary>Tries settings drawn at random: a value of each factor, whatever those of the others. This is often better
    /// than a grid of as many trials, since every trial tries another value of what matters.</summary>
    /// <remarks>Source: Bergstra, Bengio: Random Search for Hyper-Parameter Optimization (2012). The first settings are the
    /// same whatever their number, so that a study can be extended.</remarks>
    /// <param name="count">How many settings, at least 1.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <exception cref="ArgumentException">The factors do not have so many combinations.</exception>
    /// <exception cref="InvalidOperationException">There is no factor.</exception>
    public StudyPlan<TSetting> Random(int count, int seed)
    {
        CheckCount(count);
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

            var setting = Setting([.. _factors.Select(factor => (factor.Name, factor.Draw(random)))]);
            settings.TryAdd(setting.Name, setting);
        }

        return new StudyPlan<TSetting>([.. settings.Values]) { Kind = StudyPlanKind.Sampled };
    }

    /// <summary>Lets a sampler choose each setting from what came of those before.</summary>
    /// <remarks>A study of one trial at a time tries the same settings whenever it is run, also where it was killed and
    /// resumed. With several at once the choice depends on the order in which they end. A larger count extends a
    /// study.</remarks>
    /// <param name="count">How many settings, at least 1.</param>
    /// <param name="seed">The seed of the sampler's random numbers.</param>
    /// <param name="sampler">Makes the sampler, one for each run of the study; null (default) for a
    /// <see cref="TpeSampler"/>.</param>
    /// <exception cref="ArgumentException">The factors do not have so many combinations.</exception>
    /// <exception cref="InvalidOperationException">There is no factor.</exception>
    public StudyPlan<TSetting> Search(int count, int seed, Func<IStudySampler>? sampler = null)
    {
        CheckCount(count);
        return new StudyPlan<TSetting>(
            [],
            new StudySearch<TSetting>(_factors, Setting, count, seed, sampler ?? (() => new TpeSampler()))
        )
        {
            Kind = StudyPlanKind.Sampled,
        };
    }

    private StudyPlanBuilder<TSetting> With(StudyFactor<TSetting> factor) =>
        _factors.Any(other => other.Name == factor.Name)
            ? throw new ArgumentException($"The factor '{factor.Name}' is there twice. Give each factor a name of its own.")
            : new(_base, [.. _factors, factor]);

    /// <summary>The base with a value of each factor.</summary>
    private StudySetting<TSetting> Setting(IReadOnlyList<(string Name, StudyFactor<TSetting>.Value Value)> values) =>
        new(
            string.Join(", ", values.Select(entry => $"{entry.Name} {entry.Value.Label}")),
            values.Aggregate(_base, (setting, entry) => entry.Value.Apply(setting)),
            values.ToDictionary(entry => entry.Name, entry => entry.Value.Label, StringComparer.Ordinal)
        );

    private void CheckFactors()
    {
        if (_factors.Count == 0)
        {
            throw new InvalidOperationException(
                "A plan needs a factor to vary. Call Vary before OneAtATime, Grid, Random or Search, or give the settings to "
                    + "StudyPlan.List."
            );
        }
    }

    private void CheckCount(int count)
    {
        CheckFactors();
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double combinations = _factors.Aggregate(
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
    }

    private void CheckValues()
    {
        CheckFactors();
        if (_factors.FirstOrDefault(factor => factor.IsRange) is StudyFactor<TSetting> range)
        {
            throw new ArgumentException(
                $"The factor '{range.Name}' is a range, which has no values to try one by one. Use Random or Search, or "
                    + "Vary with values."
            );
        }
    }
}
