using System.Text.Json.Serialization;

namespace VisionSeqModels;

/// <summary>Multiplies the learning rate by <see cref="Gamma"/> every few epochs; PyTorch's StepLR.</summary>
public sealed record StepSchedule : LearningRateSchedule
{
    /// <summary>Epochs between two changes; default 10, at least 1.</summary>
    [JsonPropertyName("step_epochs")]
    public int EveryEpochs { get; init; } = 10;

    /// <summary>The factor of each change; default 0.1, above 0.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <inheritdoc/>
    protected override double Factor(long stepsDone, TrainingPlan plan) =>
        Math.Pow(Gamma, stepsDone / plan.KnownStepsPerEpoch / EveryEpochs);

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        CommonFaults().AtLeast(1, nameof(EveryEpochs), EveryEpochs).Positive(nameof(Gamma), Gamma).All;
}
