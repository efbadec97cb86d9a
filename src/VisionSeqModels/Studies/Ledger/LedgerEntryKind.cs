namespace VisionSeqModels.Studies;

/// <summary>What an entry of a trial's log says.</summary>
internal enum LedgerEntryKind
{
    Claimed,
    Published,
    Completed,
    Failed,
    Released,
}
