using System.Text.Json.Nodes;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>Trials in their run folders within the study's. Each call reads the files.</summary>
internal sealed class FolderRecords(string study) : ITrialRecords
{
    public (RunRecord? Record, string? Problem) Read(StudyFile.Entry trial)
    {
        string path = Path.Combine(study, trial.Folder);
        try
        {
            return (File.Exists(Path.Combine(path, RunRecord.FileName)) ? RunRecord.Read(path) : null, null);
        }
        catch (InvalidDataException e)
        {
            return (null, e.Message);
        }
    }

    public bool HasState(StudyFile.Entry trial) => RunDirectory.CanResume(Path.Combine(study, trial.Folder));

    public JsonObject? Setup(StudyFile.Entry trial, RunRecord? record) =>
        TrialSetup.Read(Path.Combine(study, trial.Folder), record);
}
