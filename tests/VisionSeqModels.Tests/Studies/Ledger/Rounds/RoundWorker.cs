using System.Globalization;
using VisionSeqModels.Studies;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>A process that works on one study after another: it reads a line with the study's folder, the ledger and the study's
/// name, and answers with a line. So a round does not begin with the start of eight runtimes.</summary>
internal static class RoundWorker
{
    public const string Command = "rounds";
    public const string Again = "AGAIN "; // the ledger or the disk: the same command is given again
    public const string Fault = "FAULT ";
    public const int Trials = 24;
    public const int Epochs = 2;
    private const int Pause = 40; // milliseconds in each step
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>The study's options, for one process alone.</summary>
    public static StudyOptions Options { get; } = LedgerStudy.Alone with { Seeds = [1, 2, 3, 4, 5, 6, 7, 8] };

    public static int Work(string[] args)
    {
        set_num_threads(1);
        using var stop = new CancellationTokenSource();
        using var terminate = Sigterm.Cancels(stop);
        Console.WriteLine(ChildProgram.Ready);
        while (!stop.IsCancellationRequested && Console.ReadLine() is string order)
        {
            Console.WriteLine(Do(order.Split('\t'), args[1], stop.Token));
        }

        return 0;
    }

    private static string Do(string[] order, string worker, CancellationToken cancellationToken)
    {
        try
        {
            var ledger = Open(order[1], order[2]);
            using var _ = ledger as IDisposable;
            var options = Options with { Ledger = ledger, Worker = worker, Lease = Lease };
            var study = LedgerStudy.Run(order[0], options, Pause, cancellationToken, Epochs);
            int completed = study.Trials.Count(trial => trial.Outcome == StopReason.Completed);
            return ChildProgram.Done + completed.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Again + Line(e.Message);
        }
        catch (Exception e)
        {
            return Fault + Line(e.ToString());
        }
    }

    public static IStudyLedger Open(string ledger, string study) =>
        ledger.Contains("://", StringComparison.Ordinal) ? new PostgreSqlLedger(ledger, study) : new FolderLedger(ledger);

    private static string Line(string text) => text.ReplaceLineEndings(" | ");
}
