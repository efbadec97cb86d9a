namespace VisionSeqModels.Visualization;

/// <summary>A sample that a classifier got wrong.</summary>
public sealed record ClassificationError
{
    /// <summary>The sample's place in the data, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>Its true class.</summary>
    public required int Actual { get; init; }

    /// <summary>The class that the model predicted.</summary>
    public required int Predicted { get; init; }

    /// <summary>The probability that the model gave the predicted class, 0 to 1.</summary>
    public required double Probability { get; init; }
}
