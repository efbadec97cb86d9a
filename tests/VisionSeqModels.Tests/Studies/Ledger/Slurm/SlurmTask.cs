using System.Globalization;
using VisionSeqModels.Studies;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>What docs/workers/slurm.sh starts in the tests, in place of the sample: the small study, over the ledger that the
/// script names, or this task's part of it.</summary>
internal static class SlurmTask
{
    public const string Command = "slurm";
    public const string OverLedger = "ledger";
    public const string Parts = "parts";
    public const int Stopped = 130; // as the samples end after SIGTERM

    /// <param name="args">The command, which way, the pause of each step; then what the script adds: --ledger and --out.</param>
    public static int Work(string[] args)
    {
        set_num_threads(1);
        using var stop = new CancellationTokenSource();
        using var terminate = Sigterm.Cancels(stop, () => Console.WriteLine("SIGTERM"));
        Console.WriteLine($"{Environment.GetEnvironmentVariable("SLURMD_NODENAME")} {ChildProgram.Ready}");
        var options =
            args[1] == OverLedger
                ? LedgerStudy.Alone with
                {
                    Ledger = new FolderLedger(Value(args, "--ledger")),
                    Lease = TimeSpan.FromSeconds(2),
                }
                : LedgerStudy.Alone with
                {
                    Shard = StudyShard.FromSlurm() ?? throw new InvalidOperationException("no array"),
                };
        var study = LedgerStudy.Run(Value(args, "--out"), options, int.Parse(args[2], CultureInfo.InvariantCulture), stop.Token);
        Console.WriteLine(ChildProgram.Done + study.Trials.Count(trial => trial.Outcome == StopReason.Completed));
        return stop.IsCancellationRequested ? Stopped : 0;
    }

    private static string Value(string[] args, string flag) => args[Array.IndexOf(args, flag) + 1];
}
