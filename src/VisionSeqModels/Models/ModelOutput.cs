namespace VisionSeqModels;

/// <summary>What a model's outputs are. The trainer's default loss and metrics follow from it.</summary>
public enum ModelOutput
{
    /// <summary>A score for each class, of which one is right; targets are class labels. The default loss is
    /// cross-entropy.</summary>
    Classes,

    /// <summary>Real numbers (regression, forecast); targets are numbers of the same shape. The default loss is
    /// the mean squared error.</summary>
    Values,

    /// <summary>A score for each of several independent labels, any of which may hold (multi-label); targets are 0 or 1 for
    /// each. The default loss is binary cross-entropy with logits.</summary>
    Labels,
}
