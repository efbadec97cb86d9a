using System.CommandLine;
using System.Globalization;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>The other side of a <see cref="ProcessContender"/>: a model's loop by hand, block by block as it is asked.</summary>
internal static class BlockRun
{
    public const string Name = "block-run";
    private const int Batches = 64;

    public static Command Create()
    {
        var model = new Argument<string>("model");
        var threads = new Argument<int>("threads");
        var command = new Command(Name) { model, threads };
        command.Hidden = true;
        command.SetAction(line =>
        {
            set_num_threads(line.GetValue(threads));
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
