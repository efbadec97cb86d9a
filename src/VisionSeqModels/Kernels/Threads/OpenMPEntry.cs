namespace VisionSeqModels.Kernels;

/// <summary>By which functions work is given to the threads of an OpenMP.</summary>
internal enum OpenMPEntry
{
    /// <summary>None: the calling thread does all the work.</summary>
    None,

    /// <summary><c>GOMP_parallel</c>: GNU's libgomp, and LLVM's and Intel's where they stand in for it.</summary>
    Gomp,

    /// <summary><c>__kmpc_fork_call</c>: LLVM's libomp and Intel's libiomp5.</summary>
    Kmpc,
}
