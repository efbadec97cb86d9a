namespace VisionSeqModels.Visualization;

/// <summary>The file of a <see cref="ConfusionMatrix"/>. Rows of the counts are true classes.</summary>
internal sealed record ConfusionMatrixFile
{
    public required IReadOnlyList<string> ClassNames { get; init; }

    public required IReadOnlyList<long[]> Counts { get; init; }

    public required double Accuracy { get; init; }

    public required IReadOnlyList<double> Precision { get; init; }

    public required IReadOnlyList<double> Recall { get; init; }

    public required IReadOnlyList<double> F1 { get; init; }
}
