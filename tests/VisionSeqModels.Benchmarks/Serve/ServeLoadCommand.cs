using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SkiaSharp;
using VisionSeqModels.Benchmarks.Compare;

namespace VisionSeqModels.Benchmarks.Serve;

/// <summary>Loads samples/Serve, a process of its own, with requests over loopback: requests a second, latencies,
/// memory.</summary>
internal static partial class ServeLoadCommand
{
    public static Command Create()
    {
        var serve = new Option<string?>("--serve") { Description = "Serve.dll, published; without it the sample is built" };
        var model = new Option<string?>("--model") { Description = "The ONNX file; without it a LeNet for 3×32×32 images" };
        var picture = new Option<string?>("--picture") { Description = "The file that is posted; drawn without it" };
        var seconds = new Option<int>("--seconds") { Description = "How long", DefaultValueFactory = _ => 60 };
        var clients = new Option<int>("--clients") { Description = "Clients at once", DefaultValueFactory = _ => 8 };
        var command = new Command("serve-load", "Requests a second, latencies and memory of samples/Serve on loopback")
        {
            serve,
            model,
            picture,
            seconds,
            clients,
        };
        command.SetAction(
            (line, _) =>
                Run(
                    line.GetValue(serve) ?? Build(),
                    line.GetValue(model),
                    line.GetValue(picture) is string file ? File.ReadAllBytes(file) : Picture(),
                    TimeSpan.FromSeconds(line.GetValue(seconds)),
                    line.GetValue(clients)
                )
        );
        return command;
    }

    private static async Task Run(string serve, string? file, byte[] picture, TimeSpan duration, int clients)
    {
        string folder = Directory.CreateTempSubdirectory("visionseq-serve-").FullName;
        string model = file ?? WriteModel(folder);
        var start = new ProcessStartInfo("dotnet", [serve, "--model", model, "--url", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        };
        using var server = Process.Start(start)!;
        try
        {
            using var client = new HttpClient { BaseAddress = Address(server) };
            await Load(client, picture, TimeSpan.FromSeconds(3), clients, []); // compiled and warm
            long before = WorkingSet(server);
            var memory = new List<long>();
            using var sampling = new Timer(_ => memory.Add(WorkingSet(server)), null, 0, 1000);
            var latencies = new List<double>();
            long begin = Stopwatch.GetTimestamp();
            int refused = await Load(client, picture, duration, clients, latencies);
            Print(latencies, refused, Stopwatch.GetElapsedTime(begin).TotalSeconds, before, [.. memory]);
        }
        finally
        {
            server.Kill();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Build()
    {
        const string Sample = "samples/Serve";
        using var build = Process.Start("dotnet", ["build", "-c", "Release", "-v:q", "--nologo", Sample]);
        build.WaitForExit();
        return build.ExitCode == 0
            ? Path.Combine(Sample, "bin", "Release", "net10.0", "Serve.dll")
            : throw new InvalidOperationException($"'{Sample}' cannot be built from this folder.");
    }

    private static string WriteModel(string folder)
    {
        string path = Path.Combine(folder, "model.onnx");
        using var data = SyntheticImages.Create(new() { TrainCount = 10, TestCount = 10 });
        using var model = VisionModels.LeNet(LeNetOptions.For(data) with { Seed = 1 });
        model.SaveOnnx(path, data);
        return path;
    }

    /// <summary>A JPEG of 320×240 pixels.</summary>
    private static byte[] Picture()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(320, 240, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var random = new Random(1);
        bitmap.Pixels = [.. Enumerable.Range(0, 320 * 240).Select(i => Pixel(i % 320, i / 320, random.Next(12)))];
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 85);
        return data.ToArray();

        static SKColor Pixel(int x, int y, int grain) =>
            new(
                (byte)((x / 2) + grain),
                (byte)(y / 2),
                (byte)(((x - 160) * (x - 160)) + ((y - 120) * (y - 120)) < 6400 ? 220 : 40)
            );
    }

    private static Uri Address(Process server)
    {
        while (server.StandardOutput.ReadLine() is string line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                _ = server.StandardOutput.ReadToEndAsync();
                return new Uri(match.Groups[1].Value);
            }
        }

        throw new InvalidOperationException("Serve ended before it listened.");
    }

    /// <summary>Posts from several clients until the time is over; adds milliseconds of those that were answered.</summary>
    private static async Task<int> Load(HttpClient client, byte[] picture, TimeSpan duration, int clients, List<double> latencies)
    {
        int refused = 0;
        long end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(Client)));
        return refused;

        async Task Client()
        {
            var own = new List<double>();
            while (Stopwatch.GetTimestamp() < end)
            {
                using var content = new ByteArrayContent(picture);
                content.Headers.ContentType = new("application/octet-stream");
                long begin = Stopwatch.GetTimestamp();
                using var answer = await client.PostAsync(new Uri("classify", UriKind.Relative), content);
                await answer.Content.ReadAsByteArrayAsync();
                if (answer.IsSuccessStatusCode)
                {
                    own.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                }
                else
                {
                    Interlocked.Increment(ref refused);
                }
            }

            lock (latencies)
            {
                latencies.AddRange(own);
            }
        }
    }

    private static void Print(List<double> latencies, int refused, double seconds, long before, long[] memory)
    {
        latencies.Sort();
        string At(double part) => latencies[(int)(part * (latencies.Count - 1))].ToString("0.00", CultureInfo.InvariantCulture);
        static string MiB(long bytes) => (bytes >> 20).ToString(CultureInfo.InvariantCulture);
        Table.Print(
            [
                "seconds",
                "answered",
                "refused",
                "requests/s",
                "p50 ms",
                "p99 ms",
                "most ms",
                "MiB before",
                "MiB most",
                "MiB at the end",
            ],
            [
                seconds.ToString("0.0", CultureInfo.InvariantCulture),
                latencies.Count.ToString(CultureInfo.InvariantCulture),
                refused.ToString(CultureInfo.InvariantCulture),
                (latencies.Count / seconds).ToString("0", CultureInfo.InvariantCulture),
                At(0.5),
                At(0.99),
                At(1),
                MiB(before),
                MiB(memory.Max()),
                MiB(memory[^1]),
            ]
        );
    }

    private static long WorkingSet(Process server)
    {
        server.Refresh();
        return server.WorkingSet64;
    }

    [GeneratedRegex(@"Now listening on: (http\S+)")]
    private static partial Regex Listening();
}
