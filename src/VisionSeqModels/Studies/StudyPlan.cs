namespace VisionSeqModels.Studies;

/// <summary>The settings that a study compares; see <see cref="StudyPlan"/>.</summary>
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

/// <summary>Starts a plan of the settings that a study compares.</summary>
public static class StudyPlan
{
    /// <summary>Starts a plan that varies a base setting: add factors by <c>Vary</c>, and end with <c>OneAtATime()</c>,
    /// <c>Grid()</c> or <c>Random(count, seed)</c>.</summary>
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
                new Dictionary<string, string>(StringComparer.Ordinal) { ["setting"] = entry.Name }
            )),
        ]);
    }
}
