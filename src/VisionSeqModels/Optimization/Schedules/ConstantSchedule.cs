namespace VisionSeqModels;

/// <summary>The learning rate stays as it is.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override double Factor(long stepsDone, TrainingPlan plan) => 1;
}
