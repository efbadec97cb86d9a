using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>The promises of every ledger, kept by a database. <see cref="PostgreSqlLedgerTests"/> runs them by name, since they
/// are skipped where no server can be started.</summary>
internal sealed class PostgreSqlContract(PostgreSqlServer server) : LedgerContractTests
{
    private readonly string _schema = PostgreSqlServer.NewSchema();
    private readonly List<PostgreSqlLedger> _opened = [];

    protected override IStudyLedger Open()
    {
        var ledger = new PostgreSqlLedger(server.DataSource, "study", new PostgreSqlLedgerOptions { Schema = _schema });
        lock (_opened)
        {
            _opened.Add(ledger);
        }

        return ledger;
    }

    private protected override void EndLease(StudyClaim claim) =>
        server.Execute(
            $"UPDATE {_schema}.trials SET lease_until = clock_timestamp() - interval '1 second' WHERE trial = '{claim.Trial}'"
        );

    protected override void Dispose(bool disposing)
    {
        _opened.ForEach(ledger => ledger.Dispose());
        base.Dispose(disposing);
    }
}
