using System.Runtime.InteropServices;

namespace VisionSeqModels.Runtime;

/// <summary>Finds out why libtorch did not load, and says in one sentence what to do.</summary>
internal static class TorchBackendAdvice
{
    public static string For(Exception failure) => For(failure, LoadError("LibTorchSharp"), LoadError("torch_cpu"));

    /// <param name="failure">What TorchSharp threw.</param>
    /// <param name="bridge">The system's words on loading LibTorchSharp, TorchSharp's own native library; null where it loads.</param>
    /// <param name="libtorch">The same for libtorch itself.</param>
    internal static string For(Exception failure, string? bridge, string? libtorch)
    {
        string words = $"{bridge} {failure}";
        if (words.Contains("GLIBCXX", StringComparison.Ordinal))
        {
            return "TorchSharp's native library needs a newer libstdc++ than this system has: build without VisionSeqModelsFixLibTorchSharp=false, or install a libstdc++ of GCC 13.2 or later.";
        }

        if (libtorch is null && bridge is not null)
        {
            return $"TorchSharp's native library LibTorchSharp was found but does not load: {FirstLine(bridge)}";
        }

        string cuda = OperatingSystem.IsWindows() ? " (or TorchSharp-cuda-windows for an NVIDIA GPU)"
            : OperatingSystem.IsLinux() ? " (or TorchSharp-cuda-linux for an NVIDIA GPU)" : "";
        return $"No libtorch was found for {RuntimeInformation.RuntimeIdentifier}: add the package TorchSharp-cpu{cuda} to the application's project, in the version of TorchSharp.";
    }

    private static string? LoadError(string library)
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(library, typeof(TorchSharp.torch).Assembly, null));
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e.Message;
        }
    }

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}
