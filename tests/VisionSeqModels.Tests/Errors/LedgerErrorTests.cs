using VisionSeqModels.Tests.Studies.Ledger;

namespace VisionSeqModels.Tests.Errors;

/// <summary>The rows of docs/errors whose cause is in the tables of a PostgreSQL server. They are skipped where none can be
/// started.</summary>
public sealed class LedgerErrorTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    public static TheoryData<string> Ids => [.. LedgerErrors.OfAServer.Select(entry => entry.Id)];

    [PostgreSqlTheory]
    [MemberData(nameof(Ids))]
    public void RowOfAServer_IsWhatTheLedgerSays(string id)
    {
        var cause = LedgerErrors.OfAServer.Single(entry => entry.Id == id).Cause;
        var e = Assert.ThrowsAny<Exception>(() => cause(server.DataSource, PostgreSqlServer.NewSchema()));
        Assert.Matches(ErrorPages.Rows.Single(row => row.Id == id).Pattern, e.Message);
    }
}
