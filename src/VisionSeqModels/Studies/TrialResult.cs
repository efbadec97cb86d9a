using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>One trial of a study: a setting with a seed, and how it went.</summary>
public sealed record TrialResult
{
    /// <summary>The setting's name.</summary>
    public required string Setting { get; init; }

    /// <summary>For each factor the label of its value.</summary>
    public required IReadOnlyDictionary<string, string> Factors { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>The fold that it was measured on, from 1; null for a study without folds.</summary>
    public int? Fold { get; init; }

    /// <summary>The trial's run folder, within the study's.</summary>
    public required string Folder { get; init; }

    /// <summary>How it ended; <see cref="StopReason.Running"/> while it has not.</summary>
    public required StopReason Outcome { get; init; }

    /// <summary>Why, where there is something to say.</summary>
    public string? Reason { get; init; }

    /// <summary>The number of the model's parameters, or null where the trial did not get so far.</summary>
    public long? Parameters { get; init; }

    /// <summary>The trial's history, or null where there is none.</summary>
    public TrainingHistory? History { get; init; }

    /// <summary>The metric that settings are compared by, after the last full epoch. Null where the trial has not ended
    /// well, or the metric is undefined (NaN, infinite, not recorded). Such a trial is never the best.</summary>
    public double? Score { get; init; }

    /// <summary>The options that the trial was run with and that are others now, a sentence each; see
    /// <see cref="StudyOptions.AcceptChanges"/>. Default none.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>The claims of its workers, the oldest first; default none, for a study without a ledger.</summary>
    public IReadOnlyList<LedgerClaim> Claims { get; init; } = [];

    /// <summary>What its workers ran on, the first one first, each once; none for a study without a ledger.</summary>
    public IReadOnlyList<WorkerMachine> Machines => [.. Claims.Select(claim => claim.Machine).Distinct()];

    /// <summary>What its run.json says, or null where there is none.</summary>
    internal RunRecord? Record { get; init; }

    /// <summary>The last full epoch, or null where none was finished.</summary>
    public EpochRecord? Final => History?.Epochs.LastOrDefault(epoch => !epoch.IsPartial && epoch.IsFinite);
}
