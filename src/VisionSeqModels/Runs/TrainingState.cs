using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VisionSeqModels.Runs;

/// <summary>Everything a run needs to be resumed, but its tensors. Randomness is not in it: that is a function of seed, epoch
/// and step.</summary>
internal sealed record TrainingState
{
    public int Format { get; init; } = 1;

    public required int Epoch { get; init; }

    /// <summary>0 between two epochs.</summary>
    public required int StepInEpoch { get; init; }

    public required long Step { get; init; }

    public required long Seed { get; init; }

    public required int Threads { get; init; }

    public required long EpochSamples { get; init; }

    public required double EpochSeconds { get; init; }

    public required double Seconds { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required double LearningRateScale { get; init; }

    public required string? StopMessage { get; init; }

    public required JsonObject Options { get; init; }

    /// <summary>What the run was made with, by name; null in a state of a version that did not keep it.</summary>
    public JsonObject? Versions { get; init; }

    /// <summary>The names in each of the optimizer's groups, in the order of its state; null in a state of a version that did
    /// not keep them.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? OptimizerGroups { get; init; }

    public required string TrainSource { get; init; }

    public required long? TrainSamples { get; init; }

    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    public required IReadOnlyList<ResumeRecord> Resumes { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Callbacks { get; init; }

    /// <summary>False for what no run can have left: a run resumed from it would never end, or fail in the middle.</summary>
    [JsonIgnore]
    public bool IsPossible =>
        Epoch >= 0
        && StepInEpoch >= 0
        && Step >= 0
        && EpochSamples >= 0
        && double.IsFinite(LearningRateScale)
        && LearningRateScale >= 0
        && (StopMessage is null || !string.IsNullOrWhiteSpace(StopMessage))
        && OptimizerGroups?.Any(group => group?.Contains(null!) != false) != true
        && !Epochs.Contains(null!)
        && !Resumes.Contains(null!)
        && Callbacks.Values.All(values => values is not null && values.Values.All(value => value is not null));
}
