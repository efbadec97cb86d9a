namespace VisionSeqModels;

/// <summary>How the metrics of all classes are averaged.</summary>
public enum Averaging
{
    /// <summary>The mean over the classes: each class counts alike, however rare.</summary>
    Macro,

    /// <summary>Over all samples together: each sample counts alike. With one label a sample this equals the accuracy.</summary>
    Micro,

    /// <summary>The mean over the classes, each weighted by its number of samples in the data.</summary>
    Weighted,
}
