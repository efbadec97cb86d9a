namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>A test with a real server, which is skipped where PostgreSQL is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgreSqlFactAttribute : FactAttribute
{
    public const string Missing = "PostgreSQL's initdb was not found (on Debian: the package postgresql).";

    public PostgreSqlFactAttribute() => Skip = PostgreSqlServer.Programs is null ? Missing : null;
}
