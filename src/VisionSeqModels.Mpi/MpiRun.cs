using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using VisionSeqModels.Training;

namespace VisionSeqModels.Mpi;

/// <summary>This process as one rank of a training over MPI: <c>mpirun -n 4 dotnet train.dll</c>.</summary>
/// <remarks>Every rank runs the whole program. Give <see cref="Exchange"/> to the trainer, and set
/// <see cref="TrainerOptions.Shards"/> to at least the number of ranks. Without <c>mpirun</c> the program is the only rank, MPI
/// is not even loaded, and the result has the same bits.</remarks>
public sealed class MpiRun
{
    private MpiRun(string[] args, IShardExchange exchange, CancellationToken cancellationToken)
    {
        Args = args;
        Exchange = exchange;
        CancellationToken = cancellationToken;
    }

    /// <summary>The program's arguments.</summary>
    public IReadOnlyList<string> Args { get; }

    /// <summary>What the trainer exchanges gradients through: <see cref="Trainer.Exchange"/>.</summary>
    public IShardExchange Exchange { get; }

    /// <summary>Which rank this process is, from 0. Rank 0 writes and reports.</summary>
    public int Rank => Exchange.Rank;

    /// <summary>How many ranks there are.</summary>
    public int Size => Exchange.Size;

    /// <summary>The console on rank 0; elsewhere what is written disappears.</summary>
    public TextWriter Out => Rank == 0 ? Console.Out : TextWriter.Null;

    /// <summary>Cancelled by Ctrl+C, and by SIGTERM to <c>mpirun</c> or to a rank. Give it to <c>Fit</c> and <c>Resume</c>: all
    /// ranks end at the same step, and rank 0 saves the state.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Runs a program as one rank.</summary>
    /// <remarks>Where the program throws, the message goes to standard error with the rank's number, and the whole job ends
    /// (<c>MPI_Abort</c>) with status 1. Call it once in a process.</remarks>
    /// <param name="args">The program's arguments.</param>
    /// <param name="program">The program; it returns the exit status.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The program's exit status.</returns>
    public static int Start(string[] args, Func<MpiRun, int> program, MpiRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentOutOfRangeException.ThrowIfLessThan((options ??= new()).Threads, 1);
        using var source = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true; // the program ends by itself, with its state saved
            source.Cancel();
        }

        if (!MpiLaunch.IsRank)
        {
            torch.set_num_threads(options.Threads);
            return program(new MpiRun(args, new OnlyRank(), source.Token));
        }

        MpiExchange? exchange = null;
        try
        {
            exchange = MpiExchange.Begin();
            torch.set_num_threads(options.Threads);
            int status = program(new MpiRun(args, exchange, source.Token));
            MpiExchange.End();
            return status;
        }
        catch (Exception e)
        {
            string rank = exchange is null ? "A rank" : string.Create(CultureInfo.InvariantCulture, $"Rank {exchange.Rank}");
            Console.Error.WriteLine($"{rank} failed, which ends the job: {e.Message}");
            if (exchange is not null)
            {
                MpiExchange.Abort(status: 1);
            }

            return 1;
        }
    }

    /// <inheritdoc cref="Start(string[], Func{MpiRun, int}, MpiRunOptions?)"/>
    public static int Start(string[] args, Action<MpiRun> program, MpiRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        return Start(
            args,
            run =>
            {
                program(run);
                return 0;
            },
            options
        );
    }
}
