namespace VisionSeqModels.Studies;

/// <summary>Where a trial's own report is, as a link of the study's page.</summary>
/// <param name="folder">The study's folder; null for no links.</param>
internal sealed class TrialLinks(string? folder)
{
    /// <summary>The trial's report, or its folder where it has none, or null where it has no folder.</summary>
    public string? Of(TrialResult trial) =>
        folder is null ? null
        : File.Exists(PathOf(trial, RunReport.FileName)) ? $"{trial.Folder}/{RunReport.FileName}"
        : FolderOf(trial);

    /// <summary>The trial's folder, or null where there is none.</summary>
    public string? FolderOf(TrialResult trial) =>
        folder is not null && Directory.Exists(Path.Combine(folder, trial.Folder)) ? $"{trial.Folder}/" : null;

    /// <summary>A file of the trial's folder, or null where there is none.</summary>
    public string? PathOf(TrialResult trial, string file, bool mustExist) =>
        folder is not null && (!mustExist || File.Exists(PathOf(trial, file))) ? PathOf(trial, file) : null;

    private string PathOf(TrialResult trial, string file) => Path.Combine(folder!, trial.Folder, file);
}
