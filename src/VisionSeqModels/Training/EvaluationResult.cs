namespace VisionSeqModels.Training;

/// <summary>What an evaluation measured.</summary>
public sealed record EvaluationResult
{
    /// <summary>The metrics by name, in order: <c>loss</c>, <c>accuracy</c>, then those of further metrics.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>How many samples were evaluated.</summary>
    public required long SampleCount { get; init; }

    /// <summary>Seconds it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>The mean loss over the samples.</summary>
    public double Loss => Metrics["loss"];

    /// <summary>The fraction of samples classified correctly.</summary>
    /// <exception cref="KeyNotFoundException">The trainer's metrics do not include accuracy.</exception>
    public double Accuracy => Metrics["accuracy"];
}
