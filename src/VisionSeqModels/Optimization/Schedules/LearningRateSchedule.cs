using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary>How the learning rate changes: a closed form of the step's number. It has no state to save, and a resumed run
/// continues exactly. Derive from it to bring your own.</summary>
/// <remarks>The learning rate of the optimizer and of each parameter group is multiplied by
/// <see cref="FactorAt"/>.</remarks>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
public abstract record LearningRateSchedule
{
    /// <summary>The number of first steps over which the factor grows linearly from almost 0 to the schedule's own; default
    /// 0.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>The warm-up in epochs, in place of <see cref="WarmupSteps"/>; default 0. It is rounded to whole steps: 0.5 is
    /// half of the first epoch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double WarmupEpochs { get; init; }

    /// <summary>The steps of the warm-up, in whichever unit it was given.</summary>
    /// <param name="plan">The length of the run.</param>
    /// <exception cref="InvalidOperationException">The warm-up is given in epochs, and the data does not report its
    /// SampleCount.</exception>
    public long WarmupLength(TrainingPlan plan) =>
        WarmupEpochs == 0 ? WarmupSteps : (long)Math.Round(WarmupEpochs * plan.KnownStepsPerEpoch, MidpointRounding.AwayFromZero);

    /// <summary>The factor of the learning rate at a step.</summary>
    /// <param name="stepsDone">Steps done before it, from 0.</param>
    /// <param name="plan">The length of the run.</param>
    public double FactorAt(long stepsDone, TrainingPlan plan)
    {
        long length = WarmupLength(plan);
        double warmup = stepsDone < length ? (stepsDone + 1.0) / length : 1;
        return warmup * Factor(stepsDone, plan);
    }

    /// <summary>The factor without the warm-up.</summary>
    /// <param name="stepsDone">Steps done before it, from 0, those of the warm-up included.</param>
    /// <param name="plan">The length of the run.</param>
    protected abstract double Factor(long stepsDone, TrainingPlan plan);

    /// <summary>The faults of the settings, a sentence each; empty if there are none.</summary>
    protected internal virtual IReadOnlyList<string> Faults() => CommonFaults().All;

    private protected OptionFaults CommonFaults() =>
        new OptionFaults(GetType().Name)
            .AtLeast(0, nameof(WarmupSteps), WarmupSteps)
            .Require(
                double.IsFinite(WarmupEpochs) && WarmupEpochs >= 0 && (WarmupEpochs == 0 || WarmupSteps == 0),
                nameof(WarmupEpochs),
                "a finite number of at least 0, and 0 with WarmupSteps",
                WarmupEpochs
            );
}
