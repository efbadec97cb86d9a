using System.Globalization;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>A setting's trials over all seeds, as numbers and text.</summary>
/// <remarks>Where some trials ended well, the numbers are theirs; else they are those of all.</remarks>
internal sealed class SettingSummary
{
    private const double Significant = 0.05;
    private readonly string _monitor;
    private readonly bool _higherIsBetter;
    private readonly IReadOnlyList<TrialResult> _measured;
    private readonly Dictionary<long, double> _finals;

    public SettingSummary(IReadOnlyList<TrialResult> trials, string monitor, bool higherIsBetter)
    {
        (_monitor, _higherIsBetter) = (monitor, higherIsBetter);
        Trials = trials;
        List<TrialResult> ended = [.. trials.Where(EndedWell)];
        HasEnded = ended.Count > 0;
        _measured = HasEnded ? ended : trials;
        _finals = ended
            .Where(trial => trial.Final?[monitor] is double value && double.IsFinite(value))
            .ToDictionary(trial => trial.Seed, trial => trial.Final![monitor]!.Value);
    }

    public IReadOnlyList<TrialResult> Trials { get; }

    public string Name => Trials[0].Setting;

    /// <summary>Whether a trial ended well; only such settings can be the best.</summary>
    public bool HasEnded { get; }

    public MeanAndStd Final => new(_finals.Values.Select(value => (double?)value));

    /// <summary>The final metric, with the sign that makes more better; the least where there is none.</summary>
    public double Score =>
        Final.Mean is not double mean ? double.NegativeInfinity
        : _higherIsBetter ? mean
        : -mean;

    public MeanAndStd Best => new(Bests.Select(epoch => epoch[_monitor]));

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
        );

    /// <summary>The last value of a metric.</summary>
    public MeanAndStd Last(string metric) => new(_measured.Select(trial => trial.Final?[metric]));

    public string PText(SettingSummary other) =>
        PValue(other) is double p ? p.ToString(p < 0.001 ? "0.0e0" : "0.000", CultureInfo.InvariantCulture) : "unknown";

    /// <summary>Whether a difference is more than the seeds' noise, as a sentence.</summary>
    public string Compare(SettingSummary other) =>
        PValue(other) switch
        {
            null => "one seed is not enough to tell whether the difference is more than chance",
            double p when p < Significant => $"the difference is more than the seeds' noise (paired t test, p = {PText(other)})",
            _ => $"the difference is no more than the seeds' noise (paired t test, p = {PText(other)})",
        };

    public static bool EndedWell(TrialResult trial) => trial.Outcome is StopReason.Completed or StopReason.StoppedEarly;

    public static string OutcomeOf(TrialResult trial) =>
        trial.Outcome switch
        {
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
        [.. _measured.Select(trial => trial.History?.Best(_monitor, _higherIsBetter)).OfType<EpochRecord>()];

    private double? PValue(SettingSummary other)
    {
        long[] seeds = [.. _finals.Keys.Where(other._finals.ContainsKey)];
        return PairedTest.PValue([.. seeds.Select(seed => _finals[seed])], [.. seeds.Select(seed => other._finals[seed])]);
    }
}
