using System.Runtime.InteropServices;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>A test with LLVM's OpenMP in the place of GNU's; skipped where it is not installed.</summary>
public sealed class LibompFactAttribute : FactAttribute
{
    public LibompFactAttribute()
    {
        if (Library is null)
        {
            Skip = "No libomp.so was found in a 64-bit Linux (on Debian: apt-get install libomp5-16).";
        }
    }

    /// <summary>LLVM's library; null where it is not there.</summary>
    public static string? Library { get; } =
        OperatingSystem.IsLinux() && Environment.Is64BitProcess
            ? new[] { $"/usr/lib/{Triple}/libomp.so.5", "/usr/lib64/libomp.so", "/usr/lib/libomp.so" }.FirstOrDefault(File.Exists)
            : null;

    private static string Triple =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
}
