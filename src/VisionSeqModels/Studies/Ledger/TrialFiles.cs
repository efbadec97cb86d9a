using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>The files of a run folder that a ledger keeps.</summary>
internal static class TrialFiles
{
    /// <summary>All of them, but for the lock and for files that are being written.</summary>
    public static IReadOnlyList<TrialFile> Of(string folder) =>
        [
            .. FileSystem
                .Current.Files(folder, "*", SearchOption.AllDirectories)
                .Where(path => Path.GetFileName(path) != ".lock" && Path.GetExtension(path) != ".tmp")
                .Order(StringComparer.Ordinal)
                .Select(path => new TrialFile(Path.GetRelativePath(folder, path).Replace('\\', '/'), path)),
        ];
}
