namespace VisionSeqModels;

/// <summary>How a figure of each class becomes one of all.</summary>
public enum Averaging
{
    /// <summary>The mean over the classes: each counts alike, however rare.</summary>
    Macro,

    /// <summary>Over all samples together: each sample counts alike. With one label a sample it equals the accuracy.</summary>
    Micro,
}
