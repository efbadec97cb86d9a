using System.Globalization;
using VisionSeqModels.Training;

namespace VisionSeqModels.Studies;

/// <summary>A setting's trials over all seeds, in words and numbers.</summary>
internal sealed class StudySummary
{
    private const double Significant = 0.05;
    private readonly Study _study;
    private readonly Dictionary<long, double> _finals;

    public StudySummary(Study study, IReadOnlyList<StudyRow> rows)
    {
        _study = study;
        Rows = rows;
        _finals = rows.Where(row => row.Outcome is StopReason.Completed or StopReason.StoppedEarly && row.Final?[study.Monitor] is double value && double.IsFinite(value))
            .ToDictionary(row => row.Seed, row => row.Final![study.Monitor]!.Value);
    }

    public IReadOnlyList<StudyRow> Rows { get; }

    public string Name => Rows[0].Setting;

    /// <summary>The mean over the seeds whose trials ended well; null where none did.</summary>
    public double? Mean => _finals.Count > 0 ? _finals.Values.Average() : null;

    /// <summary>The mean such that more is better; the least where there is none.</summary>
    public double Score => Mean is not double mean ? double.NegativeInfinity : _study.HigherIsBetter ? mean : -mean;

    public double? BestMean => Average([.. Bests().Select(epoch => epoch[_study.Monitor]!.Value)]);

    public double? LossMean => Average(Losses);

    public double? SecondsMean => Average(Seconds);

    public double? SpeedMean => Average(Speeds);

    public string FinalText => Spread([.. _finals.Values], "0.0000");

    public string BestText => Spread([.. Bests().Select(epoch => epoch[_study.Monitor]!.Value)], "0.0000");

    public string BestEpochText => Numbers(Bests().Select(epoch => epoch.Epoch));

    public string EpochsText => Numbers(Rows.Select(row => row.Final?.Epoch ?? 0));

    public string LossText => Spread(Losses, "0.0000");

    public string SecondsText => Spread(Seconds, "0.0");

    public string SpeedText => Spread(Speeds, "#,0");

    public string ParametersText => Rows.FirstOrDefault(row => row.Parameters is not null)?.Parameters?.ToString("n0", CultureInfo.InvariantCulture) ?? "";

    public string OutcomeText => string.Join("; ", Rows.GroupBy(row => Words(row)).Select(group => Rows.Count == 1 ? group.Key : $"{group.Key} ({group.Count()})"));

    public string PText(StudySummary other) => PValue(other) is double p ? p.ToString(p < 0.001 ? "0.0e0" : "0.000", CultureInfo.InvariantCulture) : "cannot be told";

    /// <summary>Whether a difference is more than the seeds' noise, in words.</summary>
    public string Compare(StudySummary other) => PValue(other) switch
    {
        null => "one seed is not enough to tell whether the difference is more than chance",
        double p when p < Significant => $"the difference is more than the seeds' noise (paired t test, p = {PText(other)})",
        _ => $"the difference is no more than the seeds' noise (paired t test, p = {PText(other)})",
    };

    private double? PValue(StudySummary other)
    {
        long[] seeds = [.. _finals.Keys.Where(other._finals.ContainsKey)];
        return PairedTest.PValue([.. seeds.Select(seed => _finals[seed])], [.. seeds.Select(seed => other._finals[seed])]);
    }

    private double[] Losses => Values(row => row.Final?["test_loss"] ?? row.Final?["val_loss"] ?? row.Final?["train_loss"]);

    private double[] Seconds => Values(row => row.History?.Seconds);

    private double[] Speeds => Values(row => row.Final?.SamplesPerSecond);

    private List<EpochRecord> Bests() => [.. Rows.Select(row => row.History?.Best(_study.Monitor, _study.HigherIsBetter)).OfType<EpochRecord>()];

    private double[] Values(Func<StudyRow, double?> figure) => [.. Rows.Select(figure).OfType<double>().Where(double.IsFinite)];

    private static string Words(StudyRow row) => row.Outcome switch
    {
        StopReason.Completed => "completed",
        StopReason.Running => "not over",
        _ => row.Reason is null ? row.Outcome.ToString().ToLowerInvariant() : $"{row.Outcome.ToString().ToLowerInvariant()}: {row.Reason}",
    };

    private static double? Average(double[] values) => values.Length == 0 ? null : values.Average();

    /// <summary>Each number once.</summary>
    private static string Numbers(IEnumerable<int> numbers) => string.Join(", ", numbers.Distinct().Order());

    private static string Spread(double[] values, string format)
    {
        if (values.Length == 0)
        {
            return "";
        }

        double mean = values.Average();
        string text = mean.ToString(format, CultureInfo.InvariantCulture);
        return values.Length == 1 ? text : $"{text} ± {Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)).ToString(format, CultureInfo.InvariantCulture)}";
    }
}
