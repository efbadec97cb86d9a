using System.CommandLine;
using System.Diagnostics;
using System.Runtime;
using System.Text.Json;
using VisionSeqModels.Training;

namespace VisionSeqModels.Benchmarks.Startup;

/// <summary>The child's side of <c>startup</c>: a small program that says when it came how far, in seconds since the
/// parent's time stamp.</summary>
internal static class StartupRun
{
    public static Command Create()
    {
        var begin = new Argument<long>("begin");
        var data = new Argument<string>("data-dir");
        var command = new Command("startup-run") { begin, data };
        command.Hidden = true;
        command.SetAction(line => Run(line.GetValue(begin), line.GetValue(data)!));
        return command;
    }

    private static void Run(long begin, string dataDirectory)
    {
        var times = new Dictionary<string, double>();
        void Note(string what)
        {
            times.Add(what, Stopwatch.GetElapsedTime(begin).TotalSeconds);
            times.Add(what + ": compiling", JitInfo.GetCompilationTime(currentThread: true).TotalSeconds);
            times.Add(what + ": methods", JitInfo.GetCompiledMethodCount(currentThread: true));
        }

        Note("main program entered");
        using var data = Cifar10.Load(dataDirectory, new DatasetOptions { Download = false });
        Note("CIFAR-10 read");
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        Note("model made");
        string folder = Directory.CreateTempSubdirectory("visionseq-startup-").FullName;
        new Trainer(
            new TrainerOptions
            {
                Epochs = 1,
                Seed = 1,
                RunDirectory = folder,
            }
        )
        {
            Callbacks = { new Steps(Note) },
        }.Fit(model, data.Train, data.Test);
        Directory.Delete(folder, recursive: true);
        Console.WriteLine(JsonSerializer.Serialize(times));
    }

    private sealed class Steps(Action<string> note) : Callback
    {
        public override void OnEpochStart(EpochStartEvent e) => note("first epoch begun");

        public override void OnStepEnd(StepEndEvent e)
        {
            if (e.Step is 1 or 20)
            {
                note(e.Step == 1 ? "first step done" : "20th step done");
            }

            if (e.Step == 20)
            {
                e.Context.RequestStop("measured");
            }
        }
    }
}
