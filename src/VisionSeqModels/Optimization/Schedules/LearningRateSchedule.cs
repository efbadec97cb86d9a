using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary>How the learning rate changes: a closed form of the step's number. It has no state to save, and a resumed run
/// continues exactly. Derive from it to bring your own.</summary>
/// <remarks>The learning rate of the optimizer and of each parameter group is multiplied by
/// <see cref="FactorAt"/>.</remarks>
public abstract record LearningRateSchedule
{
    /// <summary>The number of first steps over which the factor grows linearly from almost 0 to the schedule's own; default
    /// 0.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>The factor of the learning rate at a step.</summary>
    /// <param name="stepsDone">Steps done before it, from 0.</param>
    /// <param name="plan">The length of the run.</param>
    public double FactorAt(long stepsDone, TrainingPlan plan)
    {
        double warmup = stepsDone < WarmupSteps ? (stepsDone + 1.0) / WarmupSteps : 1;
        return warmup * Factor(stepsDone, plan);
    }

    /// <summary>The factor without the warm-up.</summary>
    /// <param name="stepsDone">Steps done before it, from 0, those of the warm-up included.</param>
    /// <param name="plan">The length of the run.</param>
    protected abstract double Factor(long stepsDone, TrainingPlan plan);

    /// <summary>The faults of the settings, a sentence each; empty if there are none.</summary>
    protected internal virtual IReadOnlyList<string> Faults() => CommonFaults().All;

    private protected OptionFaults CommonFaults() =>
        new OptionFaults(GetType().Name).AtLeast(0, nameof(WarmupSteps), WarmupSteps);
}
