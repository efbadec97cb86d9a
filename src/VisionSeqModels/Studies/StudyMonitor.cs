using VisionSeqModels.Core;
using VisionSeqModels.Training;

namespace VisionSeqModels.Studies;

/// <summary>The metric that a study compares by.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HigherIsBetter">Whether larger values are better.</param>
internal readonly record struct StudyMonitor(string Name, bool HigherIsBetter)
{
    /// <summary>The one that the options name, else accuracy or, where the trials have none, loss on the data that is held
    /// out.</summary>
    /// <param name="options">The study's options.</param>
    /// <param name="metrics">What the trials measure; null where that is not known.</param>
    /// <param name="heldOut">What the metrics of that data begin with.</param>
    /// <exception cref="InvalidOptionsException">The trials have no such metric.</exception>
    public static StudyMonitor Of(StudyOptions options, MetricCatalog? metrics, string heldOut)
    {
        string role = new[] { heldOut, "val" }.FirstOrDefault(role => metrics?.Has($"{role}_loss") != false, "train"),
            name = options.Monitor ?? (metrics?.Has($"{role}_accuracy") != false ? $"{role}_accuracy" : $"{role}_loss");
        Check(name, metrics);
        return new StudyMonitor(
            name,
            options.HigherIsBetter ?? (metrics?.HigherIsBetter(name) ?? !name.EndsWith("_loss", StringComparison.Ordinal))
        );
    }

    /// <summary>That of a study that was begun.</summary>
    public static StudyMonitor Of(StudyOptions options, StudyFile before) =>
        new(options.Monitor ?? before.Monitor, options.HigherIsBetter ?? before.HigherIsBetter);

    /// <exception cref="InvalidOptionsException">The trials have no such metric.</exception>
    public static void Check(string name, MetricCatalog? metrics) =>
        new OptionFaults(nameof(StudyOptions))
            .Include(metrics is null ? [] : metrics.Faults(nameof(StudyOptions.Monitor), name))
            .ThrowIfAny();
}
