// Benchmarks; never part of the test command. Run in Release:
//   dotnet run -c Release --project tests/VisionSeqModels.Benchmarks -- compare        (each command has --help)
// dotnet run -c Release --project tests/VisionSeqModels.Benchmarks -- micro (and BenchmarkDotNet's own arguments, such as
// --filter '*Batching*')
using System.CommandLine;
using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Benchmarks.Curves;
using VisionSeqModels.Benchmarks.DeviceCheck;
using VisionSeqModels.Benchmarks.History;
using VisionSeqModels.Benchmarks.Inference;
using VisionSeqModels.Benchmarks.LowPrecision;
using VisionSeqModels.Benchmarks.Micro;
using VisionSeqModels.Benchmarks.Pictures;
using VisionSeqModels.Benchmarks.Ranks;
using VisionSeqModels.Benchmarks.Recipes;
using VisionSeqModels.Benchmarks.Scale;
using VisionSeqModels.Benchmarks.Serve;
using VisionSeqModels.Benchmarks.Shapes;
using VisionSeqModels.Benchmarks.Startup;
using VisionSeqModels.Benchmarks.Studies;
using VisionSeqModels.Benchmarks.Workers;

if (args is ["micro", .. var rest])
{
    MicroBenchmarks.Run(rest);
    return 0;
}

var root = new RootCommand("Benchmarks of VisionSeqModels. 'micro' hands its arguments to BenchmarkDotNet; the others are:")
{
    CompareCommand.Create(),
    InterleavedCommand.Create(),
    DeviceCheckCommand.Create(),
    HistoryCommand.Create(),
    OpenMPCommand.Create(),
    BlockRun.Create(),
    ShapesCommand.Create(),
    RecipesCommand.Create(),
    MemoryRun.Create(),
    ViewsCommand.Create(),
    ScaleCommand.Create(),
    ScaleRun.Create(),
    InferenceCommand.Create(),
    PrecisionCommand.Create(),
    StartupCommand.Create(),
    StartupRun.Create(),
    StudyCommand.Create(),
    StudyRun.Create(),
    VerdictsCommand.Create(),
    SearchCommand.Create(),
    PoolingCommand.Create(),
    CurvesCommand.Create(),
    ServeLoadCommand.Create(),
    PicturesCommand.Create(),
    WorkersCommand.Create(),
    SleepingRun.Create(),
    RanksCommand.Create(),
    RankRun.Create(),
};
return root.Parse(args).Invoke();
