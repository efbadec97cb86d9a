namespace VisionSeqModels.Visualization;

/// <summary>A line of a <see cref="ClassificationReport"/>: a class, or an average.</summary>
public sealed record ClassScores
{
    /// <summary>The class, or the kind of average.</summary>
    public required string Name { get; init; }

    /// <summary>The fraction of its predictions that are right, 0 to 1.</summary>
    public required double Precision { get; init; }

    /// <summary>The fraction of its samples that are found, 0 to 1.</summary>
    public required double Recall { get; init; }

    /// <summary>The harmonic mean of precision and recall, 0 to 1.</summary>
    public required double F1 { get; init; }

    /// <summary>How many samples it has.</summary>
    public required long Support { get; init; }
}
