namespace VisionSeqModels;

/// <summary>The planned length of a run, for schedules.</summary>
/// <param name="Epochs">The requested epochs.</param>
/// <param name="StepsPerEpoch">Optimizer steps in an epoch, or null if the data does not report its number of batches.</param>
public readonly record struct TrainingPlan(int Epochs, long? StepsPerEpoch)
{
    /// <summary>Optimizer steps in the whole run.</summary>
    /// <exception cref="InvalidOperationException">The data does not report its number of batches.</exception>
    public long TotalSteps => Epochs * KnownStepsPerEpoch;

    /// <summary>Optimizer steps in an epoch.</summary>
    /// <exception cref="InvalidOperationException">The data does not report its number of batches.</exception>
    public long KnownStepsPerEpoch =>
        StepsPerEpoch
        ?? throw new InvalidOperationException(
            "This learning-rate schedule needs to know how many steps an epoch has, but the training data does not report how "
                + "many batches it has. Give BatchSource.From a list, or a function and a sampleCount; let CountBatches of your "
                + "own source report it; or use ConstantSchedule."
        );
}
