namespace VisionSeqModels.Data;

/// <summary>How far the loading of a folder is.</summary>
public readonly record struct ImageFolderProgress
{
    /// <summary>Files that were read.</summary>
    public required int Done { get; init; }

    /// <summary>Files in all.</summary>
    public required int Total { get; init; }
}
