using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary>What is known of the sequences of a <see cref="SequenceDataset"/>.</summary>
public sealed record SequenceDatasetOptions
{
    /// <summary>A short name for logs and run.json; default <c>sequences</c>.</summary>
    public string Name { get; init; } = "sequences";

    /// <summary>The name of each feature; default null: <c>feature1</c> and so on.</summary>
    public IReadOnlyList<string>? FeatureNames { get; init; }

    /// <summary>The name of each class; default null: the numbers from 0 to the largest label.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>How features become inputs; default null: they are inputs as they are.</summary>
    public FeatureNormalization? Normalization { get; init; }

    /// <summary>How target values become targets; default null: they are targets as they are.</summary>
    public FeatureNormalization? TargetNormalization { get; init; }

    /// <summary>Whether shuffled batches have sequences of similar lengths, so that less of them is padding; default
    /// false.</summary>
    /// <remarks>The order is still a function of seed and epoch. Without shuffling the stored order stays.</remarks>
    public bool Bucketing { get; init; }

    internal IReadOnlyList<string> Faults(long features)
    {
        var faults = new OptionFaults(nameof(SequenceDatasetOptions))
            .Require(!string.IsNullOrWhiteSpace(Name), nameof(Name), "a text", Name)
            .Require(
                FeatureNames is null || (FeatureNames.Count == features && AreDifferent(FeatureNames)),
                nameof(FeatureNames),
                $"null or {features} different names, one a feature",
                Text(FeatureNames)
            )
            .Require(
                ClassNames is null || AreDifferent(ClassNames),
                nameof(ClassNames),
                "null or a list of different names",
                Text(ClassNames)
            );
        return faults.Include(nameof(Normalization), Normalization?.Faults(features) ?? []).All;
    }

    /// <summary>Whether a list has no null, and no name twice.</summary>
    internal static bool AreDifferent(IReadOnlyList<string> names) =>
        !names.Contains(null!) && names.Distinct(StringComparer.Ordinal).Count() == names.Count;

    /// <summary>A list for a message.</summary>
    internal static string? Text(IReadOnlyList<string>? names) =>
        names is null ? null
        : names.Count == 0 ? "empty"
        : string.Join(", ", names.Select(name => name ?? "null"));
}
