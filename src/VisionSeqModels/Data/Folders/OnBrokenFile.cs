namespace VisionSeqModels;

/// <summary>What to do with files in a folder of images that cannot be read as images.</summary>
public enum OnBrokenFile
{
    /// <summary>Load nothing, and list all of them with their reasons in one message.</summary>
    Refuse,

    /// <summary>Leave them out. They are logged, listed in <c>SkippedFiles</c>, and counted in run.json.</summary>
    Skip,
}
