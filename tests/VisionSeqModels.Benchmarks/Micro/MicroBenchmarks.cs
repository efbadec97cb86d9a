using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace VisionSeqModels.Benchmarks.Micro;

/// <summary>Short runs in this process: a project that BenchmarkDotNet makes would lack the native backend.</summary>
internal static class MicroBenchmarks
{
    /// <param name="arguments">BenchmarkDotNet's; or <c>table</c> and patterns of names, for <see cref="MicroTable"/>.</param>
    public static void Run(string[] arguments)
    {
        if (arguments is ["table", .. var patterns])
        {
            MicroTable.Run(patterns);
            return;
        }

        var config = DefaultConfig
            .Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default);
        BenchmarkSwitcher
            .FromAssembly(typeof(MicroBenchmarks).Assembly)
            .Run(arguments.Length > 0 ? arguments : ["--filter", "*"], config);
    }
}
