using System.CommandLine;
using System.Globalization;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>The most memory of several trainings of a LeNet, each in a process of its own: <see cref="MemoryRun"/>.</summary>
internal static class MemoryCommand
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Times that each trains", DefaultValueFactory = _ => 3 };
        var threads = new Option<int>("--threads")
        {
            Description = "Threads of libtorch and of PyTorch",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var command = new Command("memory", "The most memory of a training, beside PyTorch's") { rounds, threads };
        command.SetAction(line => Run(line.GetValue(rounds), line.GetValue(threads)));
        return command;
    }

    private static void Run(int rounds, int threads)
    {
        string folder = Directory.CreateTempSubdirectory("visionseq-memory-").FullName;
        MemoryRun.WriteNoise(Path.Combine(folder, "cifar-10-batches-bin"));
        var peaks = Enumerable.Range(0, rounds).Select(_ => MemoryRun.Measure(folder, threads)).ToList();
        Directory.Delete(folder, recursive: true);
        Table.Print([
            [FormattableString.Invariant($"who, threads: {threads}"), "peak MB, median (range)"],
            .. peaks[0].Keys.Select(who => new[] { who, Cell([.. peaks.Select(peak => peak[who] / 1_000_000).Order()]) }),
        ]);
    }

    private static string Cell(long[] sorted) =>
        string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Length / 2]} ({sorted[0]} to {sorted[^1]})");
}
