using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using VisionSeqModels.Training;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>A long training of a tiny model, with a run folder's files and states: memory, tensors, open files and threads
/// stay what they are after its beginning. VISIONSEQ_LONG_EPOCHS asks for more epochs.</summary>
[Collection("Torch")]
public sealed class LongRunTests(ITestOutputHelper output)
{
    private const int StepsAnEpoch = 500;
    private const long BytesAnEpoch = 4096; // its record in the history
    private const long MostGrowth = 8 << 20; // what .NET compiles by the way
    private static readonly int Epochs = int.Parse(
        Environment.GetEnvironmentVariable("VISIONSEQ_LONG_EPOCHS") ?? "20",
        CultureInfo.InvariantCulture
    );

    [Fact]
    public void MemoryTensorsFilesAndThreads_StayFlat()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(StepsAnEpoch * 4);
        using var model = TinyModel.Create(dropout: 0.1);
        var watch = new Watch(Math.Max(1, Epochs / 20));
        long begin = Stopwatch.GetTimestamp();
        new Trainer(
            new TrainerOptions
            {
                Epochs = Epochs,
                BatchSize = 4,
                Seed = 1,
                Device = "cpu",
                Optimizer = new AdamOptions(),
                RunDirectory = folder["run"],
                SaveStateEverySteps = StepsAnEpoch / 2,
            }
        )
        {
            Callbacks =
            {
                new ModelCheckpoint { Directory = folder["weights"] },
                watch,
            },
        }.Fit(model, data);

        watch.Seen.ForEach(sample => output.WriteLine(sample.ToString()));
        double minutes = Stopwatch.GetElapsedTime(begin).TotalMinutes;
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{Epochs * StepsAnEpoch:n0} steps in {minutes:f1} minutes")
        );
        var (first, last) = (watch.Seen[watch.Seen.Count / 4], watch.Seen[^1]);
        Assert.Equal(first.Tensors, last.Tensors);
        Assert.InRange(last.Files, 0, first.Files + 2); // the runtime opens some by the way
        Assert.InRange(last.Threads, 0, first.Threads + 4); // the thread pool's come and go
        Assert.InRange(last.Managed - first.Managed, long.MinValue, (1 << 20) + (Epochs * BytesAnEpoch));
        Assert.InRange(last.Private - first.Private, long.MinValue, MostGrowth);
    }

    /// <summary>What the process holds at the end of some epochs.</summary>
    private sealed class Watch(int every) : Callback
    {
        public List<Held> Seen { get; } = [];

        public override void OnEpochEnd(EpochEndEvent e)
        {
            if (e.Record.Epoch % every == 0)
            {
                Seen.Add(Held.Now(e.Record.Epoch));
            }
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Trim(nuint pad);

    private sealed record Held(int Epoch, long Private, long Kept, long Managed, long Tensors, int Files, int Threads)
    {
        public static Held Now(int epoch)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            long kept = PrivateBytes();
            GiveBackUnused();
            using var process = Process.GetCurrentProcess();
            return new Held(
                epoch,
                PrivateBytes(),
                kept,
                GC.GetTotalMemory(forceFullCollection: true),
                Tensor.TotalCount,
                OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : process.HandleCount,
                process.Threads.Count
            );
        }

        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {Epoch}: {Private >> 10:n0} kB in use ({Kept >> 10:n0} with what allocators keep), "
                    + $"{Managed >> 10:n0} kB managed, {Tensors} tensors, {Files} files, {Threads} threads"
            );

        /// <summary>The collector keeps freed memory, and so does the C library, for each thread that ever ran.</summary>
        private static void GiveBackUnused()
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out nint library))
            {
                if (NativeLibrary.TryGetExport(library, "malloc_trim", out nint trim))
                {
                    Marshal.GetDelegateForFunctionPointer<Trim>(trim)(0);
                }

                NativeLibrary.Free(library);
            }
        }

        /// <summary>The process's own pages in memory; the files that are mapped do not count.</summary>
        private static long PrivateBytes()
        {
            if (!OperatingSystem.IsLinux())
            {
                using var process = Process.GetCurrentProcess();
                return process.PrivateMemorySize64;
            }

            string line = File.ReadLines("/proc/self/status")
                .First(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
            return 1024 * long.Parse(line["RssAnon:".Length..^"kB".Length], CultureInfo.InvariantCulture);
        }
    }
}
