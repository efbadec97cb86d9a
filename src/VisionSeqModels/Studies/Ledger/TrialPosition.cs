namespace VisionSeqModels.Studies;

/// <summary>How far a trial has come.</summary>
public sealed record TrialPosition
{
    /// <summary>The epoch under way or just finished, from 1; 0 before the first.</summary>
    public int Epoch { get; init; }

    /// <summary>The epochs to be done; 0 where that is not known yet.</summary>
    public int Epochs { get; init; }

    /// <summary>The fraction of the epoch's training that is done, 0..1; null where it is not known.</summary>
    public double? EpochFraction { get; init; }

    /// <summary>The optimizer steps made since the trial began.</summary>
    public long Step { get; init; }
}
