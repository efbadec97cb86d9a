using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary>Turns the features of a step, or target values, into inputs of a network: <c>(value − mean) / standard
/// deviation</c>, each by its own numbers.</summary>
public sealed record FeatureNormalization
{
    /// <summary>The mean of each feature.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>The standard deviation of each feature; above 0. Of a feature that never changes it is 1.</summary>
    public required IReadOnlyList<double> StandardDeviation { get; init; }

    internal IReadOnlyList<string> Faults(long features) =>
        new OptionFaults(nameof(FeatureNormalization))
            .Require(
                Mean?.Count == features && Mean.All(double.IsFinite),
                nameof(Mean),
                $"one finite number for each of the {features} features",
                OptionFaults.Text(Mean)
            )
            .Require(
                StandardDeviation?.Count == features && StandardDeviation.All(value => double.IsFinite(value) && value > 0),
                nameof(StandardDeviation),
                $"one finite number above 0 for each of the {features} features",
                OptionFaults.Text(StandardDeviation)
            )
            .All;
}
