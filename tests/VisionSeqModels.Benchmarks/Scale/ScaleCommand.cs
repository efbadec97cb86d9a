using System.CommandLine;
using System.Globalization;
using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Data;

namespace VisionSeqModels.Benchmarks.Scale;

/// <summary>An epoch of LeNet over more and more images of 3×32×32, in memory and in a mapped file, each in a process of
/// its own, in turn.</summary>
internal static class ScaleCommand
{
    private static readonly string[] Classes = [.. Enumerable.Range(0, 10).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    public static Command Create()
    {
        var sizes = ListOption.Of("--sizes", "How many images", 1000, 10_000, 60_000, 600_000);
        var rounds = new Option<int>("--rounds") { Description = "Times that everything is run", DefaultValueFactory = _ => 3 };
        var threads = new Option<int>("--threads")
        {
            Description = "Threads of libtorch",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var command = new Command("scale", "An epoch over more and more images, in memory and in a mapped file")
        {
            sizes,
            rounds,
            threads,
        };
        command.SetAction(line =>
            Table.Print([
                [
                    "images of 3×32×32",
                    "in memory, s (range)",
                    "µs an image",
                    "mapped file, s (range)",
                    "mapped / in memory",
                    "in memory, peak MB",
                    "mapped, peak MB",
                    "mapped, MB of its own",
                ],
                .. line.GetValue(sizes)!.Select(count => Row(count, line.GetValue(rounds), line.GetValue(threads))),
            ])
        );
        return command;
    }

    public static MemoryMappedImageDataset Open(string folder) =>
        MemoryMappedImageDataset.Open("noise", Path.Combine(folder, "images"), Path.Combine(folder, "labels"), Classes);

    private static string[] Row(int count, int rounds, int threads)
    {
        string folder = Directory.CreateTempSubdirectory("visionseq-scale-").FullName;
        WriteNoise(folder, count);
        ScaleRun? last = null;
        ScaleRun Keep(bool mapped) => last = ScaleRun.Measure(folder, mapped, threads);
        var inMemory = new Measurement("in memory", () => Keep(mapped: false).Seconds);
        var mapped = new Measurement("mapped", () => Keep(mapped: true).Seconds);
        long peak = 0;
        for (int round = 0; round < rounds; round++)
        {
            inMemory.RunOnce();
            peak = last!.PeakMemory;
            mapped.RunOnce();
        }

        Directory.Delete(folder, recursive: true);
        return
        [
            Text($"{count:n0}"),
            Seconds(inMemory),
            Text($"{1e6 * inMemory.Median / count:f1}"),
            Seconds(mapped),
            Text($"{mapped.Median / inMemory.Median:f3}"),
            Text($"{peak / 1e6:f0}"),
            Text($"{last!.PeakMemory / 1e6:f0}"),
            Text($"{last.PrivateMemory / 1e6:f0}"),
        ];
    }

    private static string Seconds(Measurement measured) =>
        Text($"{measured.Median:f2} ({measured.Seconds.Min():f2} to {measured.Seconds.Max():f2})");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>Written in parts, as one does for data that does not fit into memory.</summary>
    private static void WriteNoise(string folder, int count)
    {
        var random = new Random(1);
        using var images = File.Create(Path.Combine(folder, "images"));
        using var labels = File.Create(Path.Combine(folder, "labels"));
        IdxFile.WriteHeader(images, count, 3, 32, 32);
        IdxFile.WriteHeader(labels, count);
        byte[] image = new byte[3 * 32 * 32];
        for (int i = 0; i < count; i++)
        {
            random.NextBytes(image);
            images.Write(image);
            labels.WriteByte((byte)random.Next(10));
        }
    }
}
