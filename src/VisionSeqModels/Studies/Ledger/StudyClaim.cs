namespace VisionSeqModels.Studies;

/// <summary>A trial that is a worker's own, until it is over or another worker has taken it.</summary>
public sealed record StudyClaim
{
    /// <summary>The trial.</summary>
    public required string Trial { get; init; }

    /// <summary>The fencing token: larger than that of every claim of the trial before, at least 1. Writes with an older one are
    /// refused.</summary>
    public required long Token { get; init; }

    /// <summary>The worker.</summary>
    public required string Worker { get; init; }

    /// <summary>Whether the trial has a published state to resume from.</summary>
    public required bool HasState { get; init; }
}
