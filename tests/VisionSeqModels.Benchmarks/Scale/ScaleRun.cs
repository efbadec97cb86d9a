using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TorchSharp;
using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Data;

namespace VisionSeqModels.Benchmarks.Scale;

/// <summary>What a child of <c>scale</c> measured.</summary>
/// <param name="Seconds">Of an epoch.</param>
/// <param name="PeakMemory">The most bytes that were ever in place, the file's pages in the system's cache included.</param>
/// <param name="PrivateMemory">Bytes in place at the end that are the process's own, without any file's pages; null where
/// the system does not tell.</param>
internal sealed record ScaleRun(double Seconds, long PeakMemory, long? PrivateMemory)
{
    public static ScaleRun Measure(string folder, bool mapped, int threads) =>
        JsonSerializer.Deserialize<ScaleRun>(Child.Run("scale-run", folder, mapped, threads))!;

    /// <summary>The child's side; hidden, since <c>scale</c> starts it.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("folder");
        var mapped = new Argument<bool>("mapped");
        var threads = new Argument<int>("threads");
        var command = new Command("scale-run") { folder, mapped, threads };
        command.Hidden = true;
        command.SetAction(line =>
        {
            torch.set_num_threads(line.GetValue(threads));
            using var images = ScaleCommand.Open(line.GetValue(folder)!);
            using var inMemory = line.GetValue(mapped) ? null : Read(Path.Combine(line.GetValue(folder)!, "images"), images);
            using (var few = images.Load(0, Math.Min(images.Count, 3200)))
            {
                Epoch(few); // warms up
            }

            Console.WriteLine(
                JsonSerializer.Serialize(
                    new ScaleRun(Epoch((IBatchSource?)inMemory ?? images), Machine.PeakMemory(), OwnMemory())
                )
            );
        });
        return command;
    }

    /// <summary>Reads the file rather than the mapping, whose pages would count too.</summary>
    private static ImageDataset Read(string path, MemoryMappedImageDataset like)
    {
        using var scope = torch.NewDisposeScope();
        var pixels = torch.empty([like.Count, like.Channels, like.Height, like.Width], dtype: torch.ScalarType.Byte);
        using var file = File.OpenRead(path);
        file.Position = file.Length - pixels.numel();
        file.ReadExactly(pixels.bytes);
        return new ImageDataset(
            like.Name,
            pixels,
            torch.zeros(like.Count, dtype: torch.ScalarType.Int64),
            like.ClassNames,
            like.Normalization
        );
    }

    private static double Epoch(IBatchSource data)
    {
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        return new Trainer(
            new TrainerOptions
            {
                Epochs = 1,
                Seed = 1,
                Device = "cpu",
            }
        ).Fit(model, data).Epochs[0].Seconds;
    }

    private static long? OwnMemory() =>
        File.Exists("/proc/self/status")
            ? 1024
                * long.Parse(
                    File.ReadLines("/proc/self/status")
                        .First(line => line.StartsWith("RssAnon", StringComparison.Ordinal))
                        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]
                        .Split('\t')[^1],
                    CultureInfo.InvariantCulture
                )
            : null;
}
