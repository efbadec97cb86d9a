using VisionSeqModels.Core;

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
    public double Loss => this["loss"];

    /// <summary>The fraction of samples classified correctly.</summary>
    /// <exception cref="KeyNotFoundException">The trainer's metrics do not include accuracy.</exception>
    public double Accuracy => this["accuracy"];

    /// <summary>One metric, for example <c>result["f1"]</c>.</summary>
    /// <param name="metric">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is no metric of that name; the message lists those there are.</exception>
    public double this[string metric]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(metric);
            return Metrics.TryGetValue(metric, out double value)
                ? value
                : throw new KeyNotFoundException(
                    $"The evaluation has no metric named '{PlainText.Of(metric)}'. It has: {PlainText.List(Metrics.Keys)}. "
                        + "Add what is missing to TrainerOptions.Metrics."
                );
        }
    }
}
