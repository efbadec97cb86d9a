namespace VisionSeqModels.Studies;

/// <summary>The settings that a study compares, and how often each is run; see <see cref="StudyPlan"/>.</summary>
/// <typeparam name="TSetting">The user's own record of settings.</typeparam>
public sealed class StudyPlan<TSetting>
{
    internal StudyPlan(IReadOnlyList<StudySetting<TSetting>> settings, StudySearch<TSetting>? search = null)
    {
        (Settings, Search) = (settings, search);
        var twice = settings
            .GroupBy(setting => setting.Name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key)
            .ToList();
        if ((settings.Count == 0 && search is null) || twice.Count > 0)
        {
            throw new ArgumentException(
                settings.Count == 0
                    ? "A study needs at least one setting."
                    : "Settings of a study need names of their own, but these are there twice: "
                        + $"{string.Join(", ", twice)}. Give values that differ different labels."
            );
        }
    }

    /// <summary>The settings, in the order in which they are tried; none for a search, whose settings are known only while the
    /// study runs.</summary>
    public IReadOnlyList<StudySetting<TSetting>> Settings { get; }

    /// <summary>Who chooses the settings while the study runs; null where they are known.</summary>
    internal StudySearch<TSetting>? Search { get; }

    /// <summary>How the training data is divided; null where every trial has all of it.</summary>
    internal StudyFolds? Folds { get; private init; }

    /// <summary>How it came to its settings.</summary>
    internal StudyPlanKind Kind { get; init; }

    /// <summary>How often each setting is run, with a seed of its own each time.</summary>
    internal int Repeats { get; private init; } = 1;

    /// <summary>A part of the plan: a study of it can be extended to the whole plan later, in the same folder.</summary>
    /// <param name="isChosen">Says which settings stay, at least one.</param>
    /// <returns>The plan with those settings alone.</returns>
    /// <exception cref="ArgumentException">No setting stays.</exception>
    /// <exception cref="InvalidOperationException">The plan is a search.</exception>
    public StudyPlan<TSetting> Where(Func<StudySetting<TSetting>, bool> isChosen)
    {
        ArgumentNullException.ThrowIfNull(isChosen);
        return Search is null
            ? new StudyPlan<TSetting>([.. Settings.Where(isChosen)])
            {
                Kind = Kind,
                Folds = Folds,
                Repeats = Repeats,
            }
            : throw new InvalidOperationException(
                "The settings of a search are chosen while the study runs, so none can be kept here. Search among fewer values, "
                    + "or give a smaller count."
            );
    }

    /// <summary>Cross-validation: divides <see cref="FitData.Train"/> into folds, and runs each setting once on each fold, which
    /// trains on the others and is measured on its own samples.</summary>
    /// <remarks>The folds are the same for all settings, so that settings are compared pair by pair. What a fold holds out is
    /// the trial's test data; where the study has test data besides, it is the trial's validation data. A trial with the seed s
    /// has the folds of <c>data.Folds(count, seed + s, stratified, group)</c>, so that each repetition has a
    /// division of its own. The data must be an <see cref="Data.IImageSource"/>.
    /// Successive halving is not possible with folds.</remarks>
    /// <param name="count">The number of folds, at least 2.</param>
    /// <param name="seed">Decides, with the trial's seed, which sample is in which fold; default 0.</param>
    /// <param name="stratified">Whether each fold holds out the same fraction of every class; default true.</param>
    /// <param name="group">Gives the group of the sample at an index, for example its person: a group is never on both sides.
    /// Default null, each sample by itself.</param>
    /// <param name="run">How many of the folds are run, from the first on; null (default) for all. More of them extend a
    /// study.</param>
    /// <returns>The plan with folds instead of those that it had.</returns>
    public StudyPlan<TSetting> WithFolds(
        int count,
        long seed = 0,
        bool stratified = true,
        Func<long, long>? group = null,
        int? run = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(run ?? count, 1, nameof(run));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(run ?? count, count, nameof(run));
        return new StudyPlan<TSetting>(Settings, Search)
        {
            Folds = new StudyFolds
            {
                Count = count,
                Seed = seed,
                Stratified = stratified,
                Grouped = group is not null,
                Group = group,
                Run = run ?? count,
            },
            Kind = Kind,
            Repeats = Repeats,
        };
    }

    /// <summary>Runs each setting several times: with the study's seed, and with those that follow it. The report then has mean
    /// and standard deviation.</summary>
    /// <remarks>It is the same as to name the seeds in <see cref="StudyOptions.Seeds"/>, which must be one seed here. More
    /// repetitions extend a study.</remarks>
    /// <param name="count">How often, at least 1.</param>
    /// <returns>The plan with so many repetitions.</returns>
    public StudyPlan<TSetting> Repeat(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new StudyPlan<TSetting>(Settings, Search)
        {
            Kind = Kind,
            Folds = Folds,
            Repeats = count,
        };
    }
}

/// <summary>Starts a plan of the settings that a study compares.</summary>
public static class StudyPlan
{
    /// <summary>What a list varies.</summary>
    internal const string ListFactor = "setting";

    /// <summary>Starts a plan that varies a base setting: add factors by <c>Vary</c>, and end with <c>OneAtATime()</c>,
    /// <c>Grid()</c>, <c>Random(count, seed)</c> or <c>Search(count, seed)</c>, then <c>WithFolds</c> or <c>Repeat</c> for
    /// several runs of each.</summary>
    /// <typeparam name="TSetting">The user's own record of settings.</typeparam>
    /// <param name="baseSetting">The setting that the factors' values are put into.</param>
    public static StudyPlanBuilder<TSetting> From<TSetting>(TSetting baseSetting) => new(baseSetting, []);

    /// <summary>Tries settings one by one.</summary>
    /// <typeparam name="TSetting">The user's own record of settings.</typeparam>
    /// <param name="settings">The settings by name, at least one.</param>
    /// <exception cref="ArgumentException">There is no setting, or a name is there twice.</exception>
    public static StudyPlan<TSetting> List<TSetting>(params IReadOnlyList<(string Name, TSetting Setting)> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new StudyPlan<TSetting>([
            .. settings.Select(entry => new StudySetting<TSetting>(
                entry.Name,
                entry.Setting,
                new Dictionary<string, string>(StringComparer.Ordinal) { [ListFactor] = entry.Name }
            )),
        ]);
    }
}
