namespace VisionSeqModels;

/// <summary>How long a run is meant to be, for schedules.</summary>
/// <param name="Epochs">The epochs asked for.</param>
/// <param name="StepsPerEpoch">Optimizer steps in an epoch, or null where the data does not tell.</param>
public readonly record struct TrainingPlan(int Epochs, long? StepsPerEpoch)
{
    /// <summary>Optimizer steps in the whole run.</summary>
    /// <exception cref="InvalidOperationException">The data does not tell how many samples it has.</exception>
    public long TotalSteps => Epochs * KnownStepsPerEpoch;

    /// <summary>Optimizer steps in an epoch.</summary>
    /// <exception cref="InvalidOperationException">The data does not tell how many samples it has.</exception>
    public long KnownStepsPerEpoch =>
        StepsPerEpoch
        ?? throw new InvalidOperationException(
            "This learning-rate schedule needs to know how many steps an epoch has, but the training data does not "
                + "tell its SampleCount. "
                + "Give the batch source a sample count, or use ConstantSchedule."
        );
}
