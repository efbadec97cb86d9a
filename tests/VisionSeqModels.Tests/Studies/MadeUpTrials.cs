using System.Text.Json.Nodes;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Trials that never ran, in memory: what a study's report and its conclusions are made of.</summary>
internal static class MadeUpTrials
{
    public static StudyFile TheStudy { get; } =
        new()
        {
            Question = "Which?",
            Monitor = "test_accuracy",
            HigherIsBetter = true,
            Trials = [],
        };

    /// <summary>A trial that ended with a score; without one it is a failure. Its one factor, where none is given, is the rate,
    /// which has the setting's name.</summary>
    public static TrialResult Trial(
        string setting,
        double? score,
        long seed = 1,
        int? fold = null,
        params IReadOnlyList<(string Name, string Value)> factors
    ) =>
        new()
        {
            Setting = setting,
            Factors = factors.Count == 0 ? Factors(("rate", setting)) : Factors(factors),
            Seed = seed,
            Fold = fold,
            Folder = $"{setting}-{seed}",
            Outcome = score is null ? StopReason.Failed : StopReason.Completed,
            Score = score,
        };

    public static Dictionary<string, string> Factors(params IReadOnlyList<(string Name, string Value)> factors) =>
        factors.ToDictionary(factor => factor.Name, factor => factor.Value, StringComparer.Ordinal);

    /// <summary>A setting's trials with the seeds 1, 2, …; NaN for one without a result.</summary>
    public static IEnumerable<TrialResult> Seeds(
        string setting,
        IReadOnlyList<double> scores,
        params (string, string)[] factors
    ) => scores.Select((score, i) => Trial(setting, double.IsNaN(score) ? null : score, i + 1, null, factors));

    public static StudySummary Summary(params IReadOnlyList<TrialResult> trials) => new(TheStudy, trials);

    /// <summary>A history whose epochs 1, 2, … have these values of a metric.</summary>
    public static TrainingHistory History(string metric, params double[] values) =>
        History([.. values.Select((value, i) => Epoch.Of(i + 1, metric, value))]);

    public static TrainingHistory History(IReadOnlyList<EpochRecord> epochs, StopReason reason = StopReason.Completed)
    {
        var history = new TrainingHistory { StopReason = reason };
        foreach (var epoch in epochs)
        {
            history.Add(epoch);
        }

        return history;
    }

    /// <summary>A run's record, with the options of its trainer.</summary>
    public static RunRecord RunOf(string? trainer = null, int threads = 1) =>
        new()
        {
            Status = StopReason.Completed,
            Started = new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.FromHours(2)),
            Seconds = 10,
            Trainer = trainer is null ? null : (JsonObject)JsonNode.Parse(trainer)!,
            Seed = 1,
            Device = "cpu",
            Threads = threads,
            Steps = 1,
            Epochs = [],
            Resumes = [],
        };
}
