using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using VisionSeqModels.Benchmarks.Compare;

namespace VisionSeqModels.Benchmarks.Startup;

/// <summary>From a process's start to its first training step, several times, with the way between; in turn with other
/// settings of the .NET runtime.</summary>
internal static class StartupCommand
{
    private static readonly Dictionary<string, string[]> Settings = new()
    {
        ["as built"] = [],
        ["without TieredPGO"] = ["DOTNET_TieredPGO=0"],
        ["without precompiled code"] = ["DOTNET_ReadyToRun=0"],
    };

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Times that everything is run", DefaultValueFactory = _ => 7 };
        var command = new Command("startup", "Seconds from a process's start to its first training step") { rounds };
        command.SetAction(line => Run(line.GetValue(rounds)));
        return command;
    }

    private static void Run(int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("visionseq-startup-").FullName;
        MemoryRun.WriteNoise(Path.Combine(folder, "cifar-10-batches-bin"));
        var measured = Settings.ToDictionary(setting => setting.Key, _ => new List<Dictionary<string, double>>());
        for (int round = 0; round <= rounds; round++)
        {
            foreach (var (name, variables) in Settings)
            {
                var times = JsonSerializer.Deserialize<Dictionary<string, double>>(
                    Child.Run(variables, "startup-run", Stopwatch.GetTimestamp(), folder)
                )!;
                if (round > 0) // the first reads files into the system's cache
                {
                    measured[name].Add(times);
                }
            }
        }

        Directory.Delete(folder, recursive: true);
        var moments = measured.Values.First()[0].Keys;
        Table.Print([
            ["median seconds since the process's start (range)", .. measured.Keys],
            .. moments.Select(moment => (string[])[moment, .. measured.Values.Select(runs => Cell(runs, moment))]),
        ]);
    }

    private static string Cell(List<Dictionary<string, double>> runs, string moment)
    {
        double[] seconds = [.. runs.Select(run => run[moment]).Order()];
        double median = seconds[seconds.Length / 2];
        return moment.EndsWith("methods", StringComparison.Ordinal)
            ? FormattableString.Invariant($"{median:n0}")
            : FormattableString.Invariant($"{median:f3} ({seconds[0]:f3} to {seconds[^1]:f3})");
    }
}
