using System.Diagnostics;
using TorchSharp;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>Where and with what a benchmark ran.</summary>
internal sealed record Machine(string Processor, double? LoadBefore, int Threads, TorchRuntimeInfo Versions, string? PyTorch)
{
    public static Machine Describe() =>
        new(Model(), Load(), torch.get_num_threads(), TorchRuntime.Describe(), Compare.PyTorch.Version);

    /// <summary>The most memory that this process ever had in place, in bytes.</summary>
    public static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static string Model() =>
        File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo")
                .First(line => line.StartsWith("model name", StringComparison.Ordinal))
                .Split(':')[1]
                .Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";

    private static double? Load() =>
        File.Exists("/proc/loadavg")
            ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)
            : null;
}
