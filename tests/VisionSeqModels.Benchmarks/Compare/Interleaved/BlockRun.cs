using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>The other side of a <see cref="ProcessContender"/>: a model's loop by hand, block by block as it is asked.</summary>
internal static class BlockRun
{
    public const string Name = "block-run";
    public const string Entry = "--entry";
    public const string Describe = "--describe";
    private const int Batches = 64;

    public static Command Create()
    {
        var model = new Argument<string>("model");
        var threads = new Argument<int>("threads");
        var entry = new Option<OpenMPEntry?>(Entry);
        var describe = new Option<bool>(Describe);
        var command = new Command(Name) { model, threads, entry, describe };
        command.Hidden = true;
        command.SetAction(line =>
        {
            set_num_threads(line.GetValue(threads));
            if (line.GetValue(entry) is OpenMPEntry chosen)
            {
                OpenMP.Instead = new OpenMPTeams(NativeLibrary.GetMainProgramHandle(), chosen);
            }

            if (line.GetValue(describe))
            {
                Console.WriteLine($"{OpenMP.Teams.Entry} of {string.Join(", ", OpenMPFiles.Loaded())}");
                return;
            }

            Serve(line.GetValue(model)!);
        });
        return command;
    }

    private static void Serve(string model)
    {
        using var images = Workload.Load(model, Batches * Workload.BatchSize, null);
        using var scope = NewDisposeScope();
        using var loop = Contenders.ByHand(model, new Workload(model, images).Model(), Contenders.Batches(images));
        while (Console.ReadLine() is string line)
        {
            int[] steps = [.. line.Split(' ').Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
            double seconds = loop.Run(steps[0], steps[1]);
            Thread.Sleep(ProcessContender.LongPause);
            Console.WriteLine(seconds.ToString("r", CultureInfo.InvariantCulture));
        }
    }
}
