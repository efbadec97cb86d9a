using VisionSeqModels.Studies;

namespace VisionSeqModels.Benchmarks.Workers;

/// <summary>A place for ledgers that any process can open.</summary>
/// <param name="Place">A folder, or a database's address.</param>
internal sealed record LedgerKind(string Place)
{
    private bool IsDatabase => Place.StartsWith("postgres", StringComparison.Ordinal);

    public string Name => IsDatabase ? "PostgreSQL" : "folder";

    /// <summary>Opens the ledger of a study.</summary>
    public IStudyLedger Open(string study) =>
        IsDatabase ? new PostgreSqlLedger(Place, study) : new FolderLedger(Path.Combine(Place, study));
}
