using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>A trial's run folder at one moment: all that another worker needs to resume it, and all that a report
/// shows.</summary>
public sealed record TrialSnapshot
{
    /// <summary>How far the trial has come.</summary>
    public required TrialPosition Position { get; init; }

    /// <summary>Its epochs so far, each with its metrics, for ledgers that can be queried.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>The files, whose content does not change while the call lasts.</summary>
    public required IReadOnlyList<TrialFile> Files { get; init; }
}
