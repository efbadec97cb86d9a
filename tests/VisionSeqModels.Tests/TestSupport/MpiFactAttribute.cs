namespace VisionSeqModels.Tests;

/// <summary>A test with real ranks, which is skipped where no <c>mpirun</c> is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MpiFactAttribute : FactAttribute
{
    private bool _needsHosts;

    public MpiFactAttribute()
    {
        if (MpiJob.Starter is null)
        {
            Skip = "No mpirun was found (on Debian: apt-get install openmpi-bin).";
        }
    }

    /// <summary>Whether it needs network namespaces too.</summary>
    public bool NeedsHosts
    {
        get => _needsHosts;
        set
        {
            _needsHosts = value;
            Skip ??= value ? Studies.Ledger.RoundHosts.Missing : null;
        }
    }
}
