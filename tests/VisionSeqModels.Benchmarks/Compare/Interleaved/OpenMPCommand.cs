using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using VisionSeqModels.Kernels;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>Trains by GNU's OpenMP, which libtorch brings on Linux, and by LLVM's in its place, as on macOS and Windows: each in
/// a process of its own, a few steps each in turn.</summary>
internal static class OpenMPCommand
{
    private static readonly string[] Places = ["/usr/lib/{0}/libomp.so.5", "/usr/lib64/libomp.so", "/usr/lib/libomp.so"];

    public static Command Create()
    {
        var models = ListOption.Of("--models", "Which", Workload.Names, Workload.Names);
        var threads = ListOption.Of("--threads", "Threads of libtorch; each in turn", Environment.ProcessorCount);
        var rounds = new Option<int>("--rounds") { Description = "Rounds that count", DefaultValueFactory = _ => 7 };
        var blocks = new Option<int>("--blocks") { Description = "Blocks of a round", DefaultValueFactory = _ => 2 };
        var steps = new Option<int>("--steps") { Description = "Timed steps of a block", DefaultValueFactory = _ => 40 };
        var library = new Option<string?>("--library") { Description = "LLVM's library (default: Debian's and Fedora's place)" };
        var command = new Command("openmp", "The loop by hand by GNU's OpenMP and by LLVM's, a few steps each in turn")
        {
            models,
            threads,
            rounds,
            blocks,
            steps,
            library,
        };
        command.SetAction(line =>
        {
            if ((line.GetValue(library) ?? Find()) is not string file)
            {
                Console.Error.WriteLine("No libomp.so was found: name it by --library (on Debian: apt-get install libomp5-16).");
                return 1;
            }

            var plan = new BlockPlan(line.GetValue(rounds), line.GetValue(blocks), line.GetValue(steps), Settling: 5);
            Dictionary<string, (string? Preloaded, string[] Options)> ways = new()
            {
                ["GNU's libgomp"] = (null, []),
                ["LLVM's libomp, by GNU's functions"] = (file, []),
                ["LLVM's libomp, by fork calls"] = (file, [BlockRun.Entry, nameof(OpenMPEntry.Kmpc)]),
            };
            foreach (var (name, (preloaded, options)) in ways)
            {
                object[] arguments = [BlockRun.Name, "lenet", 1, BlockRun.Describe, .. options];
                Console.WriteLine($"{name}: {Child.Run([$"LD_PRELOAD={preloaded}"], arguments).Trim()}");
            }

            Console.WriteLine();
            foreach (int count in line.GetValue(threads)!)
            {
                foreach (string model in line.GetValue(models)!)
                {
                    Print($"{model}, threads: {count}", Measure(model, count, plan, ways));
                }
            }

            return 0;
        });
        return command;
    }

    /// <summary>Milliseconds a step of every round, by way.</summary>
    private static Dictionary<string, double[]> Measure(
        string model,
        int threads,
        BlockPlan plan,
        Dictionary<string, (string? Preloaded, string[] Options)> ways
    )
    {
        ProcessContender[] all =
        [
            .. ways.Select(way =>
                Contenders.Child(
                    way.Key,
                    new Dictionary<string, string> { ["LD_PRELOAD"] = way.Value.Preloaded ?? "" },
                    [model, PyTorch.Text(threads), .. way.Value.Options]
                )
            ),
        ];
        var times = new BlockTimes(plan, all.Length);
        foreach (var turn in plan.Turns(all.Length, seed: 1))
        {
            times.Add(turn, all[turn.Number].Run(plan.Settling, plan.Steps));
        }

        Array.ForEach(all, one => one.Dispose());
        return all.Select((one, number) => (one.Name, number))
            .ToDictionary(one => one.Name, one => times.MillisecondsAStep(one.number));
    }

    private static void Print(string title, Dictionary<string, double[]> times)
    {
        var (first, firstTimes) = times.First();
        Table.Print([
            [title, "median ms a step (range)", $"it / {first} (95 %)"],
            .. times.Select(row =>
                new[]
                {
                    row.Key,
                    FormattableString.Invariant(
                        $"{RatioInterval.Median(row.Value):f3} ({row.Value.Min():f3} to {row.Value.Max():f3})"
                    ),
                    row.Key == first ? "" : RatioInterval.Of(row.Value, firstTimes).ToString(),
                }
            ),
        ]);
    }

    private static string? Find()
    {
        string triple = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        return Places.Select(place => string.Format(CultureInfo.InvariantCulture, place, triple)).FirstOrDefault(File.Exists);
    }
}
