namespace VisionSeqModels.Studies;

/// <summary>What a ledger says of a trial.</summary>
public enum LedgerTrialStatus
{
    /// <summary>Nobody works on it: it was given back.</summary>
    Released,

    /// <summary>A worker has it, and its lease has not been taken.</summary>
    Claimed,

    /// <summary>It is over: it ended well, was stopped early, or diverged.</summary>
    Completed,

    /// <summary>It is over: it failed, with a reason.</summary>
    Failed,
}
