namespace VisionSeqModels.Visualization;

/// <summary>What the counts of a <see cref="ConfusionMatrix"/> are divided by.</summary>
public enum ConfusionMatrixNormalization
{
    /// <summary>The samples of the true class: the diagonal is recall.</summary>
    Row,

    /// <summary>The samples predicted as the class: the diagonal is precision.</summary>
    Column,

    /// <summary>All samples: the diagonal sums to the accuracy.</summary>
    All,
}
