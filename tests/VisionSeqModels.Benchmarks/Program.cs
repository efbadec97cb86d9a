// Benchmarks; never part of the test command. Run in Release:
//   dotnet run -c Release --project tests/VisionSeqModels.Benchmarks -- compare [--rounds N] [--steps N] [--out FILE]
//   dotnet run -c Release --project tests/VisionSeqModels.Benchmarks -- views
//   dotnet run -c Release --project tests/VisionSeqModels.Benchmarks -- --filter '*'          (BenchmarkDotNet's own arguments)
using BenchmarkDotNet.Running;
using VisionSeqModels.Benchmarks.Compare;

if (args is ["views", ..])
{
    return ViewsCommand.Run(rounds: 9);
}

if (args is ["compare", .. var rest])
{
    return CompareCommand.Run(rest);
}

BenchmarkSwitcher.FromAssembly(typeof(CompareCommand).Assembly).Run(args);
return 0;
