namespace VisionSeqModels.Benchmarks.Ranks;

/// <summary>A collective operation of a step.</summary>
/// <param name="IsAllToAll">All-to-all, or an all-gather.</param>
/// <param name="Bytes">What a rank sends to each other one, at most.</param>
internal sealed record Collective(bool IsAllToAll, long Bytes);
