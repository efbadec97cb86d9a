using System.Globalization;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using VisionSeqModels.Benchmarks.Compare;

namespace VisionSeqModels.Benchmarks.Micro;

/// <summary>One table of the parts that docs/performance.md shows: a line for each benchmark.</summary>
internal static partial class MicroTable
{
    private static readonly Type[] Parts =
    [
        typeof(BatchingBenchmarks),
        typeof(MetricBenchmarks),
        typeof(CallbackBenchmarks),
        typeof(FileBenchmarks),
        typeof(PoolingBenchmarks),
    ];

    /// <param name="patterns">Names of benchmarks with * and ?; all parts without them.</param>
    public static void Run(string[] patterns)
    {
        string folder = Directory.CreateTempSubdirectory("visionseq-micro-").FullName;
        var config = ManualConfig
            .CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .AddFilter(new GlobFilter(patterns.Length > 0 ? patterns : ["*"]), new SimpleFilter(IsShown))
            .WithArtifactsPath(folder);
        var reports = BenchmarkRunner.Run(Parts, config).SelectMany(summary => summary.Reports).ToList();
        Directory.Delete(folder, recursive: true);
        Table.Print([
            ["part", "mean of three (range)", "managed heap"],
            .. reports.Select(Row),
        ]);
    }

    /// <summary>Of the poolings one shape and one thread are enough.</summary>
    private static bool IsShown(BenchmarkCase benchmark) =>
        benchmark.Descriptor.Type != typeof(PoolingBenchmarks)
        || (benchmark.Parameters["Shape"] is "6x28" && benchmark.Parameters["Threads"] is 1);

    private static string[] Row(BenchmarkReport report)
    {
        var benchmark = report.BenchmarkCase;
        var times = report.ResultStatistics!;
        string name = benchmark.Descriptor.Type.Name.Replace("Benchmarks", "", StringComparison.Ordinal);
        string method = Word().Replace(benchmark.Descriptor.WorkloadMethod.Name, " $0").ToLowerInvariant();
        string parameters = string.Concat(benchmark.Parameters.Items.Select(item => $", {item.Value}"));
        double unit = times.Mean < 1e6 ? 1e3 : 1e6;
        double bytes = report.GcStats.GetBytesAllocatedPerOperation(benchmark) ?? 0;
        return
        [
            $"{name}:{method}{parameters}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{times.Mean / unit:f1} {(times.Mean < 1e6 ? "µs" : "ms")} ({times.Min / unit:f1} to {times.Max / unit:f1})"
            ),
            string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:f1} KB"),
        ];
    }

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Word();
}
