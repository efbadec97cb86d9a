using System.Globalization;
using System.Text.Json.Nodes;

namespace VisionSeqModels.Studies;

/// <summary>What a study's records say of data and machine, in words.</summary>
internal static class StudyFacts
{
    public static IReadOnlyList<IReadOnlyList<string>> Of(Study study, IReadOnlyList<JsonObject> runs)
    {
        var facts = new List<IReadOnlyList<string>>();
        if (runs.Count == 0)
        {
            return facts;
        }

        var run = runs[0];
        var data = run["data"] as JsonObject;
        string shape = data?["image_shape"] is JsonArray sizes ? $" of {string.Join('×', sizes.Select(size => $"{size}"))}" : "";
        facts.Add(["data", $"{run["source"]}: {Count(data, "train_samples")} training{(data?["validation_samples"] is null ? "" : $", {Count(data, "validation_samples")} validation")} and {Count(data, "test_samples")} test samples{shape}"]);
        facts.Add(["device", string.Join(", ", runs.Select(other => $"{other["device"]}").Distinct())]);
        facts.Add(["threads a trial", string.Join(", ", runs.Select(other => $"{other["threads"]}").Distinct())]);
        if (study.ParallelTrials is int trials)
        {
            facts.Add(["trials at once", trials.ToString(CultureInfo.InvariantCulture)]);
        }

        facts.AddRange((run["versions"] as JsonObject ?? []).Select(version => (IReadOnlyList<string>)[version.Key.Replace('_', ' '), $"{version.Value}"]));
        var starts = study.Rows.Where(row => row.History is not null).Select(row => row.History!.StartedAt).ToList();
        if (starts.Count > 0)
        {
            facts.Add(["begun", starts.Min().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)]);
            facts.Add(["seconds of all trials together", study.Rows.Sum(row => row.History?.Seconds ?? 0).ToString("f0", CultureInfo.InvariantCulture)]);
        }

        return facts;
    }

    private static string Count(JsonObject? data, string name) => data?[name] is JsonValue value && value.TryGetValue(out long count) ? count.ToString("n0", CultureInfo.InvariantCulture) : "no";
}
