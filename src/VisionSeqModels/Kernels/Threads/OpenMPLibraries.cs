using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;

namespace VisionSeqModels.Kernels;

/// <summary>Finds the OpenMP that libtorch uses, and how to call it. Kernels/README.md has the table.</summary>
internal static class OpenMPLibraries
{
    /// <summary>Windows: the names of the libraries, in the order in which they are taken. A second OpenMP would bring threads
    /// of its own, so only what is loaded already counts.</summary>
    public static readonly IReadOnlyList<string> WindowsNames =
    [
        "libiomp5md.dll",
        "libomp140.x86_64.dll",
        "libomp140.aarch64.dll",
        "libomp.dll",
    ];

    /// <summary>Whether functions with <c>...</c> take what stands there in memory rather than in registers: then they cannot
    /// be called as if they had plain parameters.</summary>
    public static bool VariadicNeedsStack =>
        (OperatingSystem.IsMacOS() || OperatingSystem.IsIOS()) && RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Which functions of a library to call.</summary>
    /// <param name="exports">Whether it has a function.</param>
    /// <param name="variadicNeedsStack"><see cref="VariadicNeedsStack"/>.</param>
    public static OpenMPEntry Choose(Func<string, bool> exports, bool variadicNeedsStack)
    {
        if (!exports("omp_get_thread_num") || !exports("omp_get_num_threads"))
        {
            return OpenMPEntry.None;
        }

        if (exports("GOMP_parallel"))
        {
            return OpenMPEntry.Gomp;
        }

        bool forks = exports("__kmpc_fork_call") && exports("__kmpc_push_num_threads") && exports("__kmpc_global_thread_num");
        return forks && !variadicNeedsStack ? OpenMPEntry.Kmpc : OpenMPEntry.None;
    }

    /// <summary>The modules of a process among <see cref="WindowsNames"/>, by their paths, in that order.</summary>
    public static IEnumerable<string> OnWindows(IEnumerable<string> modules) =>
        WindowsNames.SelectMany(name =>
            modules.Where(path => string.Equals(path.Split('\\', '/')[^1], name, StringComparison.OrdinalIgnoreCase))
        );

    /// <summary>The teams of the first library that has the functions.</summary>
    public static OpenMPTeams Find()
    {
        foreach (nint library in Candidates())
        {
            var entry = Choose(name => NativeLibrary.TryGetExport(library, name, out _), VariadicNeedsStack);
            if (entry != OpenMPEntry.None)
            {
                return new OpenMPTeams(library, entry);
            }
        }

        return OpenMPTeams.None;
    }

    /// <summary>Handles of libraries that may be libtorch's OpenMP, or that depend on it.</summary>
    private static IEnumerable<nint> Candidates()
    {
        if (OperatingSystem.IsWindows())
        {
            using var process = Process.GetCurrentProcess();
            foreach (string path in OnWindows([.. process.Modules.Cast<ProcessModule>().Select(module => module.FileName)]))
            {
                if (NativeLibrary.TryLoad(path, out nint loaded))
                {
                    yield return loaded;
                }
            }

            yield break;
        }

        // What is preloaded comes first, as it does for libtorch itself. dlsym also searches a library's dependencies: the
        // second handle finds the OpenMP that libtorch is bound to.
        yield return NativeLibrary.GetMainProgramHandle();
        if (NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out nint torchSharp))
        {
            yield return torchSharp;
        }
    }
}
