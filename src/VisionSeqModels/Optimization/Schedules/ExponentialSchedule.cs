namespace VisionSeqModels;

/// <summary>Multiplies the learning rate by <see cref="Gamma"/> after every epoch; PyTorch's ExponentialLR.</summary>
public sealed record ExponentialSchedule : LearningRateSchedule
{
    /// <summary>The factor an epoch; default 0.95, above 0.</summary>
    public double Gamma { get; init; } = 0.95;

    /// <inheritdoc/>
    protected override double Factor(long stepsDone, TrainingPlan plan) => Math.Pow(Gamma, stepsDone / plan.KnownStepsPerEpoch);

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() => CommonFaults().Positive(nameof(Gamma), Gamma).All;
}
