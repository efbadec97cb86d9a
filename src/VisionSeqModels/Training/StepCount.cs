using System.Globalization;
using VisionSeqModels.Data;

namespace VisionSeqModels.Training;

/// <summary>Whether an epoch had any step, and as many as the data promised where the learning-rate schedule counts on
/// it.</summary>
internal sealed class StepCount(FitContext context)
{
    private readonly bool _matters = NeedsCount(context.Options);

    /// <summary>Call it when the data has no further batch.</summary>
    /// <exception cref="ArgumentException">The data gave none, or another number of batches than it reports.</exception>
    /// <param name="isOver">Whether the run stopped meanwhile: then nothing is wrong.</param>
    public void Check(bool isOver)
    {
        if (isOver)
        {
            return;
        }

        if (context.StepInEpoch == 0)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The training data '{context.Train.Name}' gave no batch in epoch {context.Epoch}: {WhyEmpty()}"
                )
            );
        }

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

    private string WhyEmpty() =>
        context.Epoch > 1 ? NoBatch.UsedUp
        : context.Options.DropLast
            ? $"with DropLast it needs at least BatchSize ({context.Options.BatchSize}) samples, or a batch of one's own."
        : NoBatch.Empty;

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
