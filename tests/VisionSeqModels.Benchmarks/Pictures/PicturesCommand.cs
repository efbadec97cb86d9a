using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SkiaSharp;
using TorchSharp;
using VisionSeqModels.Benchmarks.Compare;

namespace VisionSeqModels.Benchmarks.Pictures;

/// <summary>Decodes and resizes a folder of JPEG files, by ImageFolder on threads and by Pillow in as many processes, by turns in
/// one run; and the most memory of both.</summary>
internal static class PicturesCommand
{
    private const int ThreadsOfLibTorch = 1; // nothing is computed there

    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "Pictures", DefaultValueFactory = _ => 400 };
        var width = new Option<int>("--width") { Description = "Their width; the height is 3/4", DefaultValueFactory = _ => 800 };
        var size = new Option<int>("--size") { Description = "Height and width of the images", DefaultValueFactory = _ => 64 };
        var threads = new Option<int>("--threads") { Description = "Threads and processes", DefaultValueFactory = _ => 2 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds that count", DefaultValueFactory = _ => 9 };
        var command = new Command("pictures", "Decoding and resizing of JPEG files, beside Pillow")
        {
            count,
            width,
            size,
            threads,
            rounds,
        };
        command.SetAction(line =>
        {
            string folder = Directory.CreateTempSubdirectory("visionseq-pictures-").FullName;
            try
            {
                Write(folder, line.GetValue(count), line.GetValue(width));
                var options = new ImageFolderOptions
                {
                    Preparation = new() { Height = line.GetValue(size), Width = line.GetValue(size) },
                    Threads = line.GetValue(threads),
                };
                Compare(folder, options, line.GetValue(rounds));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        return command;
    }

    private static void Compare(string folder, ImageFolderOptions options, int rounds)
    {
        torch.set_num_threads(ThreadsOfLibTorch);
        int count = Directory.GetFiles(folder, "*.jpg", SearchOption.AllDirectories).Length;
        using var pillow = StartPillow(folder, options);
        var own = new List<double>();
        var theirs = new List<double>();
        Load(folder, options); // compiled, and the files in the system's cache
        RoundOfPillow(pillow);
        long before = Machine.PeakMemory();
        for (int round = 0; round < rounds; round++)
        {
            own.Add(Load(folder, options));
            theirs.Add(RoundOfPillow(pillow));
        }

        long after = Machine.PeakMemory();
        pillow.StandardInput.Close();
        long[] memory = JsonSerializer.Deserialize<long[]>(pillow.StandardOutput.ReadToEnd())!;
        pillow.WaitForExit();
        Console.WriteLine(Machine.Describe());
        Table.Print(
            [$"{count} pictures", "pictures/s (median)", "slowest round", "fastest", "of Pillow's median", "peak memory, MiB"],
            Row(
                $"ImageFolder, {options.Threads} threads",
                own,
                theirs,
                count,
                $"{before >> 20} after the first load, {after >> 20} at the end"
            ),
            Row(
                $"Pillow's loop, {options.Threads} processes",
                theirs,
                theirs,
                count,
                $"{string.Join(" + ", memory.Select(bytes => bytes >> 20))} in {memory.Length} processes"
            )
        );
    }

    private static string[] Row(string name, List<double> seconds, List<double> theirs, int count, string memory)
    {
        string Rate(double time) => (count / time).ToString("0", CultureInfo.InvariantCulture);
        string ratio = (Median(theirs) / Median(seconds)).ToString("0.00", CultureInfo.InvariantCulture);
        return [name, Rate(Median(seconds)), Rate(seconds.Max()), Rate(seconds.Min()), ratio, memory];
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double Load(string folder, ImageFolderOptions options)
    {
        long begin = Stopwatch.GetTimestamp();
        ImageFolder.Load(folder, options).Dispose();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static Process StartPillow(string folder, ImageFolderOptions options) =>
        Process.Start(
            new ProcessStartInfo(
                "/usr/bin/python3",
                [
                    Path.Combine(AppContext.BaseDirectory, "Pictures", "loop.py"),
                    folder,
                    options.Preparation.Height.ToString(CultureInfo.InvariantCulture),
                    options.Threads!.Value.ToString(CultureInfo.InvariantCulture),
                ]
            )
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;

    private static double RoundOfPillow(Process pillow)
    {
        pillow.StandardInput.WriteLine();
        return double.Parse(
            pillow.StandardOutput.ReadLine() ?? throw new InvalidOperationException("Python with Pillow is missing."),
            CultureInfo.InvariantCulture
        );
    }

    /// <summary>Writes slopes, discs and grain, half of the pictures in each of two classes.</summary>
    private static void Write(string folder, int count, int width)
    {
        int height = width * 3 / 4;
        for (int i = 0; i < count; i++)
        {
            string target = Directory.CreateDirectory(Path.Combine(folder, i % 2 == 0 ? "even" : "odd")).FullName;
            var random = new Random(i);
            using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
            using (var canvas = new SKCanvas(bitmap))
            using (var paint = new SKPaint())
            {
                canvas.Clear(new SKColor((uint)random.Next() | 0xFF000000));
                for (int disc = 0; disc < 12; disc++)
                {
                    paint.Color = new SKColor((uint)random.Next() | 0xFF000000);
                    canvas.DrawCircle(random.Next(width), random.Next(height), random.Next(10, height / 2), paint);
                }
            }

            var pixels = bitmap.Pixels;
            for (int place = 0; place < pixels.Length; place++)
            {
                int grain = random.Next(-12, 13) + (place % width * 40 / width);
                pixels[place] = new SKColor(
                    (byte)Math.Clamp(pixels[place].Red + grain, 0, 255),
                    (byte)Math.Clamp(pixels[place].Green + grain, 0, 255),
                    (byte)Math.Clamp(pixels[place].Blue + grain, 0, 255)
                );
            }

            bitmap.Pixels = pixels;
            using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 85);
            File.WriteAllBytes(Path.Combine(target, $"{i:0000}.jpg"), data.ToArray());
        }
    }
}
