namespace VisionSeqModels.Mpi;

/// <summary>How <see cref="MpiRun"/> starts a rank.</summary>
public sealed record MpiRunOptions
{
    /// <summary>libtorch's threads on each rank; default 1, at least 1. The same bits for any number of ranks need the same
    /// number of threads on each, also where there is one rank. Ranks on a machine times threads should not exceed its
    /// cores.</summary>
    public int Threads { get; init; } = 1;
}
