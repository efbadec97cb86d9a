namespace VisionSeqModels;

/// <summary>Lowers the learning rate along half a cosine, step by step, from the end of the warm-up to the end of the run;
/// PyTorch's CosineAnnealingLR without restarts.</summary>
/// <remarks>Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017), one period.</remarks>
public sealed record CosineSchedule : LearningRateSchedule
{
    /// <summary>The final learning rate as a fraction of the optimizer's own; default 0, at most 1.</summary>
    public double FinalFactor { get; init; }

    /// <inheritdoc/>
    protected override double Factor(long stepsDone, TrainingPlan plan)
    {
        long warmup = WarmupLength(plan);
        double progress = Math.Clamp((double)(stepsDone - warmup) / Math.Max(1, plan.TotalSteps - warmup), 0, 1);
        return FinalFactor + ((1 - FinalFactor) * (1 + Math.Cos(Math.PI * progress)) / 2);
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        CommonFaults().Require(FinalFactor is >= 0 and <= 1, nameof(FinalFactor), "from 0 to 1", FinalFactor).All;
}
