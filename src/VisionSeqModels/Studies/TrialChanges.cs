using System.Text.Json;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>Compares what trials were run with, with what the study's function builds for them now.</summary>
internal static class TrialChanges
{
    private const int MostTexts = 8;

    /// <summary>For each trial that was begun, what differs; null where nothing does.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="records">What the trials have come to.</param>
    /// <param name="trials">The plan's trials.</param>
    /// <param name="build">Describes what is built for a trial now, by its place in the plan.</param>
    /// <param name="accept">Whether differences are accepted.</param>
    /// <exception cref="InvalidOperationException">Something differs, and that is not accepted.</exception>
    public static Dictionary<TrialKey, IReadOnlyList<string>?> Of(
        string folder,
        ITrialRecords records,
        IEnumerable<StudyFile.Entry> trials,
        Func<int, StudyFile.Entry, JsonObject> build,
        bool accept
    )
    {
        var changes = new Dictionary<TrialKey, IReadOnlyList<string>?>();
        foreach (var (i, trial) in trials.Index())
        {
            var run = records.Read(trial).Record;
            if (run is not null || records.HasState(trial))
            {
                var texts = Differences(() => records.Setup(trial, run), () => build(i, trial));
                changes[trial.Key] = texts.Count > 0 ? texts : null;
            }
        }

        return accept || changes.Values.All(texts => texts is null) ? changes : throw Unlike(folder, changes);
    }

    private static IReadOnlyList<string> Differences(Func<JsonObject?> read, Func<JsonObject> build)
    {
        JsonObject? saved;
        try
        {
            saved = read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [$"{TrialSetup.FileName} cannot be read: {e.Message}"];
        }

        try
        {
            return saved is null ? [] : TrialSetup.Differences(saved, build());
        }
        catch (Exception e) when (e is not SharedTrialObjectException)
        {
            return [$"it cannot be built: {e.Message}"];
        }
    }

    private static InvalidOperationException Unlike(string folder, Dictionary<TrialKey, IReadOnlyList<string>?> changes)
    {
        var unlike = changes.Where(trial => trial.Value is not null).ToList();
        var (first, texts) = unlike[0];
        string more = texts!.Count > MostTexts ? $"; and {DisplayText.Count(texts.Count - MostTexts, "option")} more" : "",
            others = unlike.Count == 1 ? "" : $" ({DisplayText.Count(unlike.Count - 1, "other trial")} differ too)";
        return new InvalidOperationException(
            $"The trial '{first}' of the study in '{Path.GetFullPath(folder)}' was run with other options than the study's "
                + $"function builds now: {string.Join("; ", texts.Take(MostTexts))}{more}{others}. Trials of unlike options are "
                + "not comparable. Build the same, give another folder, or set StudyOptions.AcceptChanges, which marks them in "
                + "the report."
        );
    }
}
