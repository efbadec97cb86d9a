namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>A test with a real Slurm, which is skipped where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute() => Skip = SlurmCluster.Missing;
}
