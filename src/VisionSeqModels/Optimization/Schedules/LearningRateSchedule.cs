using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary> How the learning rate changes: a closed form of the step's number. Nothing of it needs saving, and a resumed
/// run goes on exactly. Derive from it to bring your own. </summary>
/// <remarks>The optimizer's own learning rate, that of each parameter group too, is multiplied by
/// <see cref="FactorAt"/>.</remarks>
public abstract record LearningRateSchedule
{
    /// <summary>Over how many first steps the factor grows linearly from almost nothing to the schedule's own; default 0,
    /// none.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>What the learning rate is multiplied by at a step.</summary>
    /// <param name="stepsDone">Steps done before it, from 0.</param>
    /// <param name="plan">How long the run is.</param>
    public double FactorAt(long stepsDone, TrainingPlan plan)
    {
        double warmup = stepsDone < WarmupSteps ? (stepsDone + 1.0) / WarmupSteps : 1;
        return warmup * Factor(stepsDone, plan);
    }

    /// <summary>The factor without the warm-up.</summary>
    /// <param name="stepsDone">Steps done before it, from 0, those of the warm-up included.</param>
    /// <param name="plan">How long the run is.</param>
    protected abstract double Factor(long stepsDone, TrainingPlan plan);

    /// <summary>Says what is wrong with the settings, a sentence each; nothing where all is well.</summary>
    protected internal virtual IReadOnlyList<string> Faults() => CommonFaults().All;

    private protected OptionFaults CommonFaults() =>
        new OptionFaults(GetType().Name).AtLeast(0, nameof(WarmupSteps), WarmupSteps);
}
