namespace VisionSeqModels.Mpi;

/// <summary>How this process was started.</summary>
internal static class MpiLaunch
{
    // set by Open MPI 4 and 5, by MPICH's and Slurm's process managers, and by MS-MPI
    private static readonly string[] Variables = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE", "MSMPI_RANK"];

    /// <summary>Whether <c>mpirun</c>, or another starter of ranks, started it.</summary>
    public static bool IsRank => Array.Exists(Variables, name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
}
