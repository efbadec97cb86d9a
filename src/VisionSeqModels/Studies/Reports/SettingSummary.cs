using System.Globalization;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>A setting's trials over all seeds and folds, as numbers and text.</summary>
/// <remarks>Where some trials ended well, with a metric that is defined, the numbers are theirs; else they are those of
/// all.</remarks>
internal sealed class SettingSummary
{
    private readonly StudyFile _study;
    private readonly IReadOnlyList<TrialResult> _measured;
    private readonly Dictionary<(long Seed, int? Fold), double> _finals;

    public SettingSummary(IReadOnlyList<TrialResult> trials, StudyFile study)
    {
        _study = study;
        Trials = trials;
        List<TrialResult> ended = [.. trials.Where(trial => trial.Score is not null)];
        HasEnded = ended.Count > 0;
        _measured = HasEnded ? ended : trials;
        _finals = ended.ToDictionary(trial => (trial.Seed, trial.Fold), trial => trial.Score!.Value);
    }

    public IReadOnlyList<TrialResult> Trials { get; }

    public string Name => Trials[0].Setting;

    /// <summary>Whether a trial ended well with a metric that is defined; only such settings can be the best.</summary>
    public bool HasEnded { get; }

    /// <summary>How many trials did.</summary>
    public int EndedCount => _finals.Count;

    /// <summary>The final metric of each trial that did.</summary>
    public IReadOnlyDictionary<(long Seed, int? Fold), double> Finals => _finals;

    public MeanAndStd Final => new(_finals.Values.Select(value => (double?)value));

    /// <summary>The final metric as text: <c>undefined</c> where trials ended and none has a value of it.</summary>
    public string FinalText => !HasEnded && Trials.Any(IsUndefined) ? "undefined" : Final.Text();

    /// <summary>The final metric, with the sign that makes more better; the least where there is none.</summary>
    public double Score =>
        Final.Mean is not double mean ? double.NegativeInfinity
        : _study.HigherIsBetter ? mean
        : -mean;

    public MeanAndStd Best => new(Bests.Select(epoch => epoch[_study.Monitor]));

    public string BestEpoch => Epochs(Bests.Select(epoch => epoch.Epoch));

    /// <summary>How many full epochs the trials did.</summary>
    public string EpochsDone => Epochs(_measured.Select(trial => trial.Final?.Epoch ?? 0));

    public MeanAndStd Seconds => new(_measured.Select(trial => trial.History?.Seconds));

    public MeanAndStd SamplesPerSecond => new(_measured.Select(trial => trial.Final?.SamplesPerSecond));

    public string Parameters =>
        Trials.FirstOrDefault(trial => trial.Parameters is not null)?.Parameters?.ToString("n0", CultureInfo.InvariantCulture)
        ?? "";

    /// <summary>How the trials ended, without the reasons.</summary>
    public string Outcome =>
        string.Join(
            ", ",
            Trials.GroupBy(OutcomeOf).Select(group => Trials.Count == 1 ? group.Key : $"{group.Count()} {group.Key}")
        ) + ChangedText;

    private string ChangedText =>
        Trials.Count(trial => trial.Changes.Count > 0) switch
        {
            0 => "",
            _ when Trials.Count == 1 => " (other options)",
            var changed => string.Create(CultureInfo.InvariantCulture, $" ({changed} with other options)"),
        };

    /// <summary>The last value of a metric.</summary>
    public MeanAndStd Last(string metric) => new(_measured.Select(trial => trial.Final?[metric]));

    /// <summary>Whether a trial ran to its end, but the metric has no value there.</summary>
    public static bool IsUndefined(TrialResult trial) =>
        trial is { Outcome: StopReason.Completed or StopReason.StoppedEarly, Score: null };

    public static string OutcomeOf(TrialResult trial) =>
        trial.Outcome switch
        {
            _ when IsUndefined(trial) => "undefined",
            StopReason.Completed => "completed",
            StopReason.StoppedEarly => "stopped early",
            StopReason.Running => "not over",
            StopReason.NonFinite => "diverged",
            StopReason.Cancelled => "cancelled",
            _ => "failed",
        };

    private static string Epochs(IEnumerable<int> epochs) =>
        epochs.Distinct().Order().ToList() switch
        {
            [] => "",
            [var one] => one.ToString(CultureInfo.InvariantCulture),
            [var first, var second] => string.Create(CultureInfo.InvariantCulture, $"{first}, {second}"),
            var many => string.Create(CultureInfo.InvariantCulture, $"{many[0]}–{many[^1]}"),
        };

    private List<EpochRecord> Bests =>
        [.. _measured.Select(trial => trial.History?.Best(_study.Monitor, _study.HigherIsBetter)).OfType<EpochRecord>()];
}
