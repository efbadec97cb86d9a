using System.Globalization;

namespace VisionSeqModels.Training;

/// <summary>Whether an epoch had as many steps as the data promised, where the learning-rate schedule counts on it.</summary>
internal sealed class StepCount(FitContext context)
{
    private readonly bool _matters = NeedsCount(context.Options);

    /// <summary>Call it when the data has no further batch.</summary>
    /// <exception cref="ArgumentException">The data gave another number of batches than it reports.</exception>
    public void Check()
    {
        if (_matters && context.StepsPerEpoch is long steps && steps != context.StepInEpoch)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The training data '{context.Train.Name}' gave {context.StepInEpoch} steps in epoch {context.Epoch}, but "
                        + $"reports {steps}, which the learning-rate schedule needs. Correct its sample count, give batches of "
                ) + "BatchSize samples, or use ConstantSchedule."
            );
        }
    }

    private static bool NeedsCount(TrainerOptions options)
    {
        try
        {
            options.Schedule.FactorAt(options.Schedule.WarmupSteps, new TrainingPlan(options.Epochs, StepsPerEpoch: null));
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
