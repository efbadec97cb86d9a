using System.Text.Json.Nodes;

namespace VisionSeqModels.Studies;

/// <summary>A trial with the content of its run.json.</summary>
internal sealed record StudyRun(StudyRow Row, JsonObject Json)
{
    public static JsonObject Read(Study study, StudyRow row) => JsonFormat.Parse(File.ReadAllText(Path.Combine(study.Folder, row.Folder, "run.json")));
}
