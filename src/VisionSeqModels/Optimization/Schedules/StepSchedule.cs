namespace VisionSeqModels;

/// <summary>Multiplies the learning rate by <see cref="Gamma"/> after every so many epochs; PyTorch's StepLR.</summary>
public sealed record StepSchedule : LearningRateSchedule
{
    /// <summary>Epochs between two changes; default 10, at least 1.</summary>
    public int StepEpochs { get; init; } = 10;

    /// <summary>The factor of each change; default 0.1, above 0.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <inheritdoc/>
    protected override double Factor(long stepsDone, TrainingPlan plan) =>
        Math.Pow(Gamma, stepsDone / plan.KnownStepsPerEpoch / StepEpochs);

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        CommonFaults().AtLeast(1, nameof(StepEpochs), StepEpochs).Positive(nameof(Gamma), Gamma).All;
}
