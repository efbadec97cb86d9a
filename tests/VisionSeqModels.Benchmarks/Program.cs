// Benchmarks; never part of the test command. Run in Release:
//   dotnet run -c Release --project tests/VisionSeqModels.Benchmarks -- compare        (each command has --help)
//   dotnet run -c Release --project tests/VisionSeqModels.Benchmarks -- micro --filter '*Batching*'
using System.CommandLine;
using BenchmarkDotNet.Running;
using VisionSeqModels.Benchmarks.Compare;

if (args is ["micro", .. var rest]) // BenchmarkDotNet reads its own arguments
{
    BenchmarkSwitcher.FromAssembly(typeof(CompareCommand).Assembly).Run(rest);
    return 0;
}

var root = new RootCommand("Benchmarks of VisionSeqModels. 'micro' hands its arguments to BenchmarkDotNet; the others are:")
{
    CompareCommand.Create(), MemoryRun.Create(), ViewsCommand.Create(),
};
return root.Parse(args).Invoke();
