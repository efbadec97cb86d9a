using System.Globalization;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>A setting's trials over all seeds and folds, as numbers and text.</summary>
/// <remarks>Where some trials ended well, with a metric that is defined, the numbers are theirs; else they are those of
/// all.</remarks>
internal sealed class SettingSummary
{
    private const double Significant = 0.05;
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

    /// <summary>The p-value of a comparison over the pairs that both have: where some are missing, with their number.</summary>
    public string PText(SettingSummary other)
    {
        var (p, pairs, of) = Test(other);
        string some = pairs == of ? "" : string.Create(CultureInfo.InvariantCulture, $" ({pairs} of {of} pairs)");
        return p is double value
            ? value.ToString(value < 0.001 ? "0.0e0" : "0.000", CultureInfo.InvariantCulture) + some
            : "unknown";
    }

    /// <summary>Whether a difference is more than the noise of seeds and folds, as a sentence.</summary>
    /// <param name="other">The setting to compare with.</param>
    /// <param name="noise">Whose noise it is: <c>the seeds'</c>, <c>the folds'</c> …</param>
    public string Compare(SettingSummary other, string noise) =>
        Test(other) switch
        {
            (null, _, 1) => "one seed is not enough to tell whether the difference is more than chance",
            (null, var pairs, var of) => string.Create(
                CultureInfo.InvariantCulture,
                $"{pairs} of {of} pairs ended well, not enough to tell whether the difference is more than chance"
            ),
            (double p, _, _) when p < Significant =>
                $"the difference is more than {noise} noise (paired t test, p = {PText(other)})",
            _ => $"the difference is no more than {noise} noise (paired t test, p = {PText(other)})",
        };

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

    /// <summary>The paired test over the seeds and folds that have a value in both, and how many there are of all.</summary>
    private (double? P, int Pairs, int Of) Test(SettingSummary other)
    {
        (long, int?)[] pairs = [.. _finals.Keys.Where(other._finals.ContainsKey)];
        double ratio = _study.Folds is StudyFolds folds ? 1.0 / (folds.Count - 1) : 0;
        double? p = PairedTest.PValue(
            [.. pairs.Select(pair => _finals[pair])],
            [.. pairs.Select(pair => other._finals[pair])],
            ratio
        );
        return (p, pairs.Length, Trials.Concat(other.Trials).Select(trial => (trial.Seed, trial.Fold)).Distinct().Count());
    }
}
