namespace VisionSeqModels.Samples;

/// <summary>What a run folder holds already.</summary>
internal static class RunFolder
{
    /// <summary>Whether there is a run in it, or in a folder of it.</summary>
    public static bool IsTaken(string folder) =>
        Directory.Exists(folder)
        && (
            IsRun(folder)
            || Directory.EnumerateDirectories(folder).Any(part => IsRun(part) || Directory.EnumerateDirectories(part).Any(IsRun))
        );

    private static bool IsRun(string folder) =>
        File.Exists(Path.Combine(folder, "run.json")) || VisionSeqModels.RunDirectory.CanResume(folder);
}
