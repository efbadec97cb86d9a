namespace VisionSeqModels;

/// <summary>The training sequences and the test sequences of one set of data.</summary>
public sealed class SequenceDatasets : IDisposable
{
    /// <summary>Joins two sets of sequences with the same features, targets and normalisation.</summary>
    /// <param name="train">For training.</param>
    /// <param name="test">For testing.</param>
    /// <exception cref="ArgumentException">They differ in features, classes or kind of target.</exception>
    public SequenceDatasets(SequenceDataset train, SequenceDataset test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (
            !train.FeatureNames.SequenceEqual(test.FeatureNames)
            || train.ValueCount != test.ValueCount
            || train.HasStepTargets != test.HasStepTargets
            || !(train.ClassNames ?? []).SequenceEqual(test.ClassNames ?? [])
        )
        {
            throw new ArgumentException(
                "Training and test sequences must have the same features and the same classes or numbers, but one has "
                    + $"{Describe(train)}, and the other {Describe(test)}.",
                nameof(test)
            );
        }

        Train = train;
        Test = test;
    }

    /// <summary>The training sequences.</summary>
    public SequenceDataset Train { get; }

    /// <summary>The test sequences.</summary>
    public SequenceDataset Test { get; }

    /// <summary>The name of the data.</summary>
    public string Name => Train.Name;

    /// <summary>The name of each feature.</summary>
    public IReadOnlyList<string> FeatureNames => Train.FeatureNames;

    /// <summary>The name of each class; null where the targets are numbers.</summary>
    public IReadOnlyList<string>? ClassNames => Train.ClassNames;

    /// <summary>How many numbers a target has; 0 where the targets are classes.</summary>
    public int ValueCount => Train.ValueCount;

    /// <summary>How features become inputs; null where they are inputs as they are.</summary>
    public FeatureNormalization? Normalization => Train.Normalization;

    /// <summary>How numbers become targets; null where they are targets as they are, or are classes.</summary>
    public FeatureNormalization? TargetNormalization => Train.TargetNormalization;

    /// <summary>How many samples of the file are in neither part: those on both sides of the split point, and windows whose
    /// forecast value is missing.</summary>
    public int LeftOutCount { get; internal init; }

    /// <summary>Does nothing: the numbers are plain arrays. It is here so that data of any kind can stand in
    /// <c>using</c>.</summary>
    public void Dispose() { }

    private static string Describe(SequenceDataset data) =>
        $"the features {string.Join(", ", data.FeatureNames)} and "
        + (
            data.ClassNames is null
                ? FormattableString.Invariant($"{data.ValueCount} numbers")
                : $"the classes {string.Join(", ", data.ClassNames)}"
        )
        + (data.HasStepTargets ? " at each step" : "");
}
