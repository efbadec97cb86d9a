namespace VisionSeqModels;

/// <summary>Keeps the learning rate.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override double Factor(long stepsDone, TrainingPlan plan) => 1;
}
