namespace VisionSeqModels.Data;

/// <summary>Labelled sequences that can be read in batches.</summary>
/// <remarks>Batches have inputs <c>[batch, time, features]</c>, float32, and, where
/// sequences differ in length, <see cref="Batch.Lengths"/>.</remarks>
public interface ISequenceSource : IBatchSource
{
    /// <summary>The name of each feature of a step, in the order of the inputs' last dimension.</summary>
    IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The name of each class, in the order of the labels; null where the targets are numbers.</summary>
    IReadOnlyList<string>? ClassNames { get; }

    /// <summary>How features became inputs; null where they are as they were given.</summary>
    FeatureNormalization? Normalization { get; }

    /// <summary>How numbers became targets; null where they are as they were given, or are classes.</summary>
    FeatureNormalization? TargetNormalization { get; }
}
