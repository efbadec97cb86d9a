namespace VisionSeqModels.Studies;

/// <summary>What a worker does with trials that were begun on a machine that gives other bits; see
/// <see cref="WorkerMachine"/>.</summary>
public enum MachineDifference
{
    /// <summary>It continues them, and <see cref="TrialResult.Machines"/> has both machines.</summary>
    Mark,

    /// <summary>It does not work on the study: <c>Study.Run</c> throws.</summary>
    Refuse,

    /// <summary>It leaves them to machines like the one that they were begun on, and runs others.</summary>
    Pin,
}
