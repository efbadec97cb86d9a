namespace VisionSeqModels.Studies;

/// <summary>A study's record as a ledger keeps it.</summary>
/// <param name="Version">How often it was written, from 1.</param>
/// <param name="Json">Its content, which is that of study.json.</param>
public sealed record LedgerRecord(long Version, string Json);
