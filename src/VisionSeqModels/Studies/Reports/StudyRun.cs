using System.Text.Json.Nodes;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>A trial with the content of its run.json.</summary>
internal sealed record StudyRun(TrialResult Row, JsonObject Json)
{
    /// <summary>A trial's run.json as it stands there; the trial's folder lies within the study's.</summary>
    public static JsonObject Read(string study, string trial) =>
        JsonFormat.Parse(File.ReadAllText(Path.Combine(study, trial, "run.json")));
}
