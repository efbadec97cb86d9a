namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>A test with network namespaces, which is skipped where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FaultRoundFactAttribute : FactAttribute
{
    private bool _needsPostgreSql;

    public FaultRoundFactAttribute() => Skip = RoundHosts.Missing;

    /// <summary>Whether it needs a PostgreSQL server too.</summary>
    public bool NeedsPostgreSql
    {
        get => _needsPostgreSql;
        set
        {
            _needsPostgreSql = value;
            Skip ??= value && PostgreSqlServer.Programs is null ? PostgreSqlFactAttribute.Missing : null;
        }
    }
}
