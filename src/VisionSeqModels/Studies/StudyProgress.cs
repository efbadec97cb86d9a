using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>How a trial of a study goes; see <see cref="StudyOptions.Progress"/>.</summary>
public sealed record StudyProgress
{
    /// <summary>What happened.</summary>
    public required TrialEvent Event { get; init; }

    /// <summary>The trial's number in the plan, from 1.</summary>
    public required int Trial { get; init; }

    /// <summary>How many there are.</summary>
    public required int TrialCount { get; init; }

    /// <summary>The setting's name.</summary>
    public required string Setting { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>The fold that the trial is measured on, from 1; null without folds.</summary>
    public int? Fold { get; init; }

    /// <summary>The worker that has the trial, where it is another than this process; null for this one. See
    /// <see cref="StudyOptions.Ledger"/>.</summary>
    public string? Worker { get; init; }

    /// <summary>The epoch under way or just finished, from 1; 0 before the first.</summary>
    public int Epoch { get; init; }

    /// <summary>The epochs to be done; 0 where that is not known yet.</summary>
    public int Epochs { get; init; }

    /// <summary>The fraction that is done of the epoch's training, or of the evaluation under way, 0..1; null where it is not
    /// known.</summary>
    public double? EpochFraction { get; init; }

    /// <summary>The record of the epoch just finished, or null.</summary>
    public EpochRecord? Record { get; init; }

    /// <summary>How it ended, or null while it has not.</summary>
    public StopReason? Outcome { get; init; }

    /// <summary>Why it failed or was stopped, or null.</summary>
    public string? Reason { get; init; }
}
