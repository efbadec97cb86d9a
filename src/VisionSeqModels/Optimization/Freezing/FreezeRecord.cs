namespace VisionSeqModels.Optimization;

/// <summary>What is frozen from an epoch on, for run.json.</summary>
internal sealed record FreezeRecord
{
    public required int FromEpoch { get; init; }

    /// <summary>The names of the parameters that do not train.</summary>
    public required IReadOnlyList<string> Frozen { get; init; }

    /// <summary>The learning rates that parameters were given when they were unfrozen.</summary>
    public required IReadOnlyDictionary<string, double> LearningRates { get; init; }
}
