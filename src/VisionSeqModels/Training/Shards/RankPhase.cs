namespace VisionSeqModels.Training;

/// <summary>What a rank does when it exchanges something.</summary>
internal enum RankPhase
{
    Start,
    Step,
    StepDone,
    Evaluation,
    EpochDone,
}
