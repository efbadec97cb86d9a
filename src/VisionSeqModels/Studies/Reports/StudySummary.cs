using System.Globalization;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>A setting's trials over all seeds, in words and numbers.</summary>
/// <remarks>Where some trials ended well, the figures are theirs; else they are what the others came to.</remarks>
internal sealed class StudySummary
{
    private const double Significant = 0.05;
    private readonly Study _study;
    private readonly IReadOnlyList<TrialResult> _measured;
    private readonly Dictionary<long, double> _finals;

    public StudySummary(Study study, IReadOnlyList<TrialResult> rows)
    {
        _study = study;
        Rows = rows;
        List<TrialResult> ended = [.. rows.Where(EndedWell)];
        HasEnded = ended.Count > 0;
        _measured = HasEnded ? ended : rows;
        _finals = ended
            .Where(row => row.Final?[study.Monitor] is double value && double.IsFinite(value))
            .ToDictionary(row => row.Seed, row => row.Final![study.Monitor]!.Value);
    }

    public IReadOnlyList<TrialResult> Rows { get; }

    public string Name => Rows[0].Setting;

    /// <summary>Whether a trial ended well; only such settings can be the best.</summary>
    public bool HasEnded { get; }

    public MeanAndStd Final => new(_finals.Values.Select(value => (double?)value));

    /// <summary>The final figure such that more is better; the least where there is none.</summary>
    public double Score =>
        Final.Mean is not double mean ? double.NegativeInfinity
        : _study.HigherIsBetter ? mean
        : -mean;

    public MeanAndStd Best => new(Bests.Select(epoch => epoch[_study.Monitor]));

    public string BestEpoch => Epochs(Bests.Select(epoch => epoch.Epoch));

    /// <summary>How many full epochs the trials did.</summary>
    public string EpochsDone => Epochs(_measured.Select(row => row.Final?.Epoch ?? 0));

    public MeanAndStd Seconds => new(_measured.Select(row => row.History?.Seconds));

    public MeanAndStd SamplesPerSecond => new(_measured.Select(row => row.Final?.SamplesPerSecond));

    public string Parameters =>
        Rows.FirstOrDefault(row => row.Parameters is not null)?.Parameters?.ToString("n0", CultureInfo.InvariantCulture) ?? "";

    /// <summary>How the trials ended, without the reasons.</summary>
    public string Outcome =>
        string.Join(", ", Rows.GroupBy(Word).Select(group => Rows.Count == 1 ? group.Key : $"{group.Count()} {group.Key}"));

    /// <summary>The last value of a figure.</summary>
    public MeanAndStd Last(string figure) => new(_measured.Select(row => row.Final?[figure]));

    public string PText(StudySummary other) =>
        PValue(other) is double p ? p.ToString(p < 0.001 ? "0.0e0" : "0.000", CultureInfo.InvariantCulture) : "cannot be told";

    /// <summary>Whether a difference is more than the seeds' noise, in words.</summary>
    public string Compare(StudySummary other) =>
        PValue(other) switch
        {
            null => "one seed is not enough to tell whether the difference is more than chance",
            double p when p < Significant => $"the difference is more than the seeds' noise (paired t test, p = {PText(other)})",
            _ => $"the difference is no more than the seeds' noise (paired t test, p = {PText(other)})",
        };

    public static bool EndedWell(TrialResult row) => row.Outcome is StopReason.Completed or StopReason.StoppedEarly;

    public static string Word(TrialResult row) =>
        row.Outcome switch
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
        [.. _measured.Select(row => row.History?.Best(_study.Monitor, _study.HigherIsBetter)).OfType<EpochRecord>()];

    private double? PValue(StudySummary other)
    {
        long[] seeds = [.. _finals.Keys.Where(other._finals.ContainsKey)];
        return PairedTest.PValue([.. seeds.Select(seed => _finals[seed])], [.. seeds.Select(seed => other._finals[seed])]);
    }
}
