namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>As <see cref="PostgreSqlFactAttribute"/>, with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgreSqlTheoryAttribute : TheoryAttribute
{
    public PostgreSqlTheoryAttribute() => Skip = PostgreSqlServer.Programs is null ? PostgreSqlFactAttribute.Missing : null;
}
