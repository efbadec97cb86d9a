namespace VisionSeqModels.Optimization;

/// <summary>What trains from an epoch until the next phase.</summary>
/// <param name="FromEpoch">Its first epoch.</param>
/// <param name="Trained">The names of the parameters that train.</param>
/// <param name="Rates">The learning rates of those that an <see cref="Unfreeze"/> gave one.</param>
internal sealed record FreezePhase(int FromEpoch, IReadOnlySet<string> Trained, IReadOnlyDictionary<string, double> Rates)
{
    public bool Trains(string name) => Trained.Contains(name);
}
