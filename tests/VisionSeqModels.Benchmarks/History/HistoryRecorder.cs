using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using VisionSeqModels.Benchmarks.Compare;

namespace VisionSeqModels.Benchmarks.History;

/// <summary>Makes a line of the history from what <c>interleave</c> measured.</summary>
internal static class HistoryRecorder
{
    private static readonly Dictionary<string, string> ShortNames = new()
    {
        [InterleavedRun.ByHand] = HistoryResult.ByHand,
        [InterleavedRun.DataLoader] = HistoryResult.DataLoader,
        [InterleavedRun.PlainModules] = HistoryResult.Modules,
        ["PyTorch"] = HistoryResult.PyTorch,
    };

    /// <summary>The widest vectors that the kernels use here.</summary>
    public static string Vectors =>
        Avx512F.IsSupported ? "AVX-512"
        : Avx2.IsSupported ? "AVX2"
        : AdvSimd.IsSupported ? "AdvSIMD"
        : "none";

    /// <summary>Why what is checked out here could not be a line; null where it can.</summary>
    public static string? Refusal(string file, string processor) =>
        HistoryFile.Refusal(
            HistoryFile.Read(file),
            Commit(),
            Git("status", "--porcelain", "--", ":/", ":(top,exclude)docs") ?? "",
            processor
        );

    /// <summary>Adds a line.</summary>
    public static void Append(string file, Machine machine, int rounds, IEnumerable<InterleavedResult> results) =>
        HistoryFile.Append(
            file,
            new HistoryEntry(
                Commit()!,
                DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                machine.Processor,
                Vectors,
                Environment.ProcessorCount,
                machine.PyTorch,
                rounds,
                [.. results.Select(Result)]
            )
        );

    private static HistoryResult Result(InterleavedResult result) =>
        new(
            result.Model,
            result.Threads,
            result.Ratios.ToDictionary(ratio => ShortNames[ratio.Key], ratio => Numbers(ratio.Value))
        );

    private static double[] Numbers(RatioInterval ratio) =>
        [Math.Round(ratio.Ratio, 4), Math.Round(ratio.Low, 4), Math.Round(ratio.High, 4)];

    private static string? Commit() => Git("rev-parse", "--short=7", "HEAD")?.Trim();

    /// <summary>What git prints; null where it fails.</summary>
    private static string? Git(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : null;
    }
}
