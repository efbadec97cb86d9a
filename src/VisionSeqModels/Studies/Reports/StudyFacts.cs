using System.Globalization;
using System.Text.Json.Nodes;

namespace VisionSeqModels.Studies;

/// <summary>Data, machine, versions and times, from what the runs recorded. Where trials differ, each value is there with
/// its number of trials.</summary>
internal static class StudyFacts
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["vision_seq_models"] = "VisionSeqModels",
        ["torch_sharp"] = "TorchSharp",
        ["dotnet"] = ".NET",
        ["cuda_is_available"] = "CUDA is there",
        ["processor_count"] = "processors",
    };

    public static IReadOnlyList<(string Name, string Value)> Of(StudyReport report)
    {
        var runs = report.Runs;
        if (runs.Count == 0)
        {
            return [("runs", "none has begun")];
        }

        List<(string, string)> facts =
        [
            ("data", Each(runs, run => Data(run))),
            (
                "images",
                Each(
                    runs,
                    run =>
                        Part(run, "data")["image_shape"] is JsonArray { Count: 3 } shape
                            ? $"{shape[0]} × {shape[1]} × {shape[2]} (channels, height, width)"
                            : ""
                )
            ),
            (
                "classes",
                Each(
                    runs,
                    run =>
                        Part(run, "data")["class_names"] is JsonArray classes
                            ? $"{classes.Count}: {DisplayText.Value(classes)}"
                            : ""
                )
            ),
            ("device", Each(runs, run => DisplayText.Value(run.Json["device"]))),
            ("threads a trial", Each(runs, run => DisplayText.Value(run.Json["threads"]))),
            ("trials at once", report.Study.ParallelTrials?.ToString(CultureInfo.InvariantCulture) ?? ""),
            .. runs.SelectMany(run => Part(run, "versions").Select(entry => entry.Key))
                .Distinct()
                .Select(key =>
                    (
                        Names.GetValueOrDefault(key, DisplayText.Of(key)),
                        Each(runs, run => DisplayText.Value(Part(run, "versions")[key]))
                    )
                ),
            .. Times(runs),
        ];
        return [.. facts.Where(fact => fact.Item2.Length > 0)];
    }

    private static string Data(StudyRun run)
    {
        string Samples(string key, string what) =>
            Part(run, "data")[key] is JsonValue value && value.TryGetValue(out long count)
                ? string.Create(CultureInfo.InvariantCulture, $"{count:n0} {what}")
                : "";
        string[] sizes =
        [
            .. new[]
            {
                Samples("train_samples", "training"),
                Samples("validation_samples", "validation"),
                Samples("test_samples", "test"),
            }.Where(text => text.Length > 0),
        ];
        return sizes.Length == 0
            ? DisplayText.Value(run.Json["source"])
            : $"{DisplayText.Value(run.Json["source"])}: {string.Join(", ", sizes)} samples";
    }

    private static IEnumerable<(string, string)> Times(IReadOnlyList<StudyRun> runs)
    {
        var records = runs.Select(run => run.Row.History!).ToList();
        yield return ("first trial begun", Time(records.Min(record => record.StartedAt)));

        // A run that was taken up again does not tell when its last part ended.
        var ends = records
            .Select(record =>
                (Time: record.Resumes.Count > 0 ? record.Resumes[^1].Time : End(record), IsSure: record.Resumes.Count == 0)
            )
            .ToList();
        var last = ends.MaxBy(end => end.Time);
        yield return ("last trial ended", (last.IsSure ? "" : "after ") + Time(last.Time));
        yield return (
            "seconds of all trials",
            records.Sum(record => record.Seconds).ToString("#,0.0", CultureInfo.InvariantCulture)
        );
        int resumed = records.Count(record => record.Resumes.Count > 0);
        yield return ("taken up again", resumed == 0 ? "" : DisplayText.Count(resumed, "trial"));
    }

    /// <summary>Begin and seconds together, or the begin alone where that is no time (a damaged record).</summary>
    private static DateTimeOffset End(TrainingHistory record) =>
        record.Seconds >= 0 && record.Seconds < (DateTimeOffset.MaxValue - record.StartedAt).TotalSeconds - TimeSpan.SecondsPerDay
            ? record.StartedAt.AddSeconds(record.Seconds)
            : record.StartedAt;

    private static JsonObject Part(StudyRun run, string name) => run.Json[name] as JsonObject ?? [];

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    private static string Each(IReadOnlyList<StudyRun> runs, Func<StudyRun, string> fact)
    {
        var groups = runs.GroupBy(fact).ToList();
        return groups.Count == 1
            ? groups[0].Key
            : string.Join(
                "; ",
                groups.Select(group =>
                    $"{(group.Key.Length == 0 ? "unknown" : group.Key)} ({DisplayText.Count(group.Count(), "trial")})"
                )
            );
    }
}
