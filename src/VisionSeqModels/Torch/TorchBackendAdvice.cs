using System.Runtime.InteropServices;

namespace VisionSeqModels.Torch;

/// <summary>Finds out why libtorch did not load, and says in one sentence what to do.</summary>
internal static class TorchBackendAdvice
{
    public static string For(Exception failure) => For(failure, LoadError(), LibtorchIsDeployed());

    /// <param name="failure">What TorchSharp threw.</param>
    /// <param name="loadError">The system's message on loading LibTorchSharp, TorchSharp's own native library; null where it
    /// loads.</param>
    /// <param name="deployed">Whether the application has a libtorch among its files.</param>
    internal static string For(Exception failure, string? loadError, bool deployed)
    {
        if ($"{loadError} {failure}".Contains("GLIBCXX", StringComparison.Ordinal))
        {
            return "TorchSharp's native library needs a newer libstdc++ than this system has: build without "
                + "VisionSeqModelsFixLibTorchSharp=false, or install the libstdc++ of GCC 13.2 or later.";
        }

        if (deployed)
        {
            return "The application's libtorch does not load; the system says: "
                + $"{FirstLine(loadError ?? failure.GetBaseException().Message)}";
        }

        string cuda =
            OperatingSystem.IsWindows() ? " (or TorchSharp-cuda-windows for an NVIDIA GPU)"
            : OperatingSystem.IsLinux() ? " (or TorchSharp-cuda-linux for an NVIDIA GPU)"
            : "";
        return $"No libtorch was found for {RuntimeInformation.RuntimeIdentifier}: add the package "
            + $"TorchSharp-cpu{cuda} to the application's project, in the version of TorchSharp.";
    }

    private static string? LoadError()
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load("LibTorchSharp", typeof(TorchSharp.torch).Assembly, null));
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e.Message;
        }
    }

    /// <summary>Looks among the application's files only: a libtorch of the system may have another version.</summary>
    private static bool LibtorchIsDeployed()
    {
        string name =
            OperatingSystem.IsWindows() ? "torch_cpu.dll"
            : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib"
            : "libtorch_cpu.so";
        string folders = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return folders
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Any(folder => File.Exists(Path.Combine(folder, name)));
    }

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}
