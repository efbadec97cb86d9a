using VisionSeqModels.Studies;

namespace VisionSeqModels.Samples;

/// <summary>What <c>--ledger</c> names.</summary>
internal static class StudyLedgerFlag
{
    /// <summary>Opens the ledger that the command line asks for; null where one process runs the study alone.</summary>
    /// <param name="ledger">The value of <c>--ledger</c>, or null.</param>
    /// <param name="workers">The value of <c>--workers</c>, or null.</param>
    /// <param name="folder">The study's folder, which has the ledger where none is named.</param>
    /// <param name="study">The study's name in a database, unless the address ends with <c>#NAME</c>.</param>
    public static IStudyLedger? Open(string? ledger, long? workers, string folder, string study) =>
        ledger?.Split('#', 2) is [var address, .. var name] && IsDatabase(address)
            ? new PostgreSqlLedger(address, name.FirstOrDefault(study))
        : ledger is not null ? new FolderLedger(ledger)
        : workers > 1 ? new FolderLedger(Path.Combine(folder, "ledger"))
        : null;

    /// <summary>What is wrong with a value of <c>--ledger</c>; null for nothing.</summary>
    public static string? Fault(string ledger) =>
        !ledger.Contains("://", StringComparison.Ordinal) ? null
        : !IsDatabase(ledger) ? "--ledger must be a folder, or postgres://USER@HOST:PORT/DATABASE#STUDY."
        : Uri.TryCreate(ledger, UriKind.Absolute, out var address) && address.UserInfo.Contains(':')
            ? "--ledger holds no password, since others see command lines: set PGPASSWORD, or PGPASSFILE to a file with it."
        : null;

    private static bool IsDatabase(string address) =>
        address.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);
}
