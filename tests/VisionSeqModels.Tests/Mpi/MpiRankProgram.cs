using System.Diagnostics;
using VisionSeqModels.Mpi;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Mpi;

/// <summary>What a rank of the MPI tests does.</summary>
internal static class MpiRankProgram
{
    public const string Killing = "KILLING";
    public const int Victim = 1; // the rank that throws, or is killed

    /// <param name="args">What to do, and the run folder where it needs one.</param>
    public static int Run(string[] args) =>
        MpiRun.Start(
            args,
            run =>
            {
                switch (args[0])
                {
                    case "models":
                        Models(run);
                        break;
                    case "options":
                        var other = new ShardScenario("gru");
                        Say((other with { Options = other.Options with { BatchSize = 16 + run.Rank } }).Run(run.Exchange));
                        break;
                    case "data":
                        Say((new ShardScenario("gru") with { Samples = 53 + run.Rank }).Run(run.Exchange));
                        break;
                    default:
                        Train(run, args[0], args[1]);
                        break;
                }
            }
        );

    private static void Models(MpiRun run)
    {
        foreach (string model in ShardScenario.Models)
        {
            Say($"{model} {new ShardScenario(model).Run(run.Exchange)}");
        }
    }

    private static void Train(MpiRun run, string what, string folder)
    {
        var scenario = new ShardScenario("lenet");
        var ends = new EndsAt(what, step: 4);
        var options = scenario.Options with { RunDirectory = folder };
        Say((scenario with { Options = options, Extra = ends }).Run(run.Exchange, run.CancellationToken));
    }

    /// <summary>Writes a whole line at once: those of several ranks must not mix.</summary>
    private static void Say(string text)
    {
        Console.Out.Write($"{text}\n");
        Console.Out.Flush();
    }

    /// <summary>Ends one rank within a run.</summary>
    private sealed class EndsAt(string what, int step) : Callback
    {
        public override void OnStepEnd(StepEndEvent e)
        {
            if (e.Step != step || e.Context.Rank != Victim || e.Context.IsResumed)
            {
                return;
            }

            if (what == "throw")
            {
                throw new InvalidOperationException("the disk is made of cheese");
            }

            if (what == "kill")
            {
                Say(Killing);
                Process.GetCurrentProcess().Kill();
            }
        }
    }
}
