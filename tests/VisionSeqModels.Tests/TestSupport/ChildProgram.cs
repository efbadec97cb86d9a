using System.Diagnostics;
using System.Globalization;
using VisionSeqModels.Data;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests;

/// <summary>What this assembly does as a program of its own: work for another process to kill, or to get in the way of.</summary>
internal static class ChildProgram
{
    public const string Ready = "READY";
    public const string Done = "DONE ";
    public const string KernelsCommand = "kernels";
    public const string FaultCommand = "fault";
    public const string GradCommand = "grad";
    public const string CallsCommand = "calls";
    public const string ScriptsCommand = "scripts";
    public const string WeightsCommand = "weights";
    public const string InjectCommand = "inject";
    public const string ZooCommand = "zoo";
    public const string GuardsCommand = "guards";
    public const string MpiCommand = "mpi";
    public const string CollectCommand = "collect";
    public const string OpenMPCommand = "openmp";
    private const string DownloadCommand = "download";
    private const string FolderCommand = "folder";

    public static int Main(string[] args)
    {
#if MUTATION
        if (args.Length == 0 || args[0].StartsWith('-') || args[0].StartsWith('@'))
        {
            return TestServer.Run(args);
        }

#endif
        if (args[0] == DownloadCommand)
        {
            return Download(new Uri(args[1]), args[2], args[3]);
        }

        if (args[0] == MpiCommand)
        {
            return Mpi.MpiRankProgram.Run(args[1..]);
        }

        if (args[0] == FolderCommand)
        {
            return Faults.FolderCacheKillTests.Load(args[1], args[2], args[3]);
        }

        if (args[0] == Studies.Ledger.LedgerStudy.Command)
        {
            return Studies.Ledger.LedgerStudy.Work(args);
        }

        if (args[0] == Studies.Ledger.RoundWorker.Command)
        {
            return Studies.Ledger.RoundWorker.Work(args);
        }

        if (args[0] == Studies.Ledger.SlurmTask.Command)
        {
            return Studies.Ledger.SlurmTask.Work(args);
        }

        if (args[0] == FaultCommand)
        {
            return Say(Kernels.BackwardFaults.Run(args[1]));
        }

        if (args[0] == CallsCommand)
        {
            return Say(NativeCalls.CountedSteps.Run(args[1], args[2]));
        }

        if (args[0] == ScriptsCommand)
        {
            return Say(NativeCalls.ScriptTests.CompileAll());
        }

        if (args[0] == GradCommand)
        {
            Kernels.BackwardPassTests.GradAfterAChange(args[1]);
            return 0;
        }

        if (args[0] == WeightsCommand)
        {
            return Say(Kernels.WeightFaults.Run());
        }

        if (args[0] == OpenMPCommand)
        {
            return Say(Kernels.OpenMPValues.Run(args.ElementAtOrDefault(1)));
        }

        if (args[0] == ZooCommand)
        {
            Console.Write(Done);
            Zoo.ZooMatrix.RunPart(args[1], Console.Out);
            return 0;
        }

        if (args[0] == CollectCommand)
        {
            return Say([Torch.CollectedSteps.Run(args[1])]);
        }

        if (args[0] == InjectCommand)
        {
            int places =
                args.Length == 2
                    ? Kernels.Injection.EachPlaceByTrainer(args[1])
                    : Kernels.Injection.EachPlaceByHand(args[1], bool.Parse(args[2]));
            Console.WriteLine(Done + places.ToString(CultureInfo.InvariantCulture));
            return 0;
        }

        if (args[0] == GuardsCommand)
        {
            Console.WriteLine(Done + Kernels.GuardedKernels.Run(args[1..]).ToString(CultureInfo.InvariantCulture));
            return 0;
        }

        if (args[0] == KernelsCommand)
        {
            Kernels.KernelWidthTests.CompareAll();
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Done}{System.Numerics.Vector<float>.Count} {VisionSeqModels.Kernels.VectorBlock4.FourFit}"
                )
            );
            return 0;
        }

        var scenario = ResumeScenario.Parse(args[0]) with { Epochs = int.Parse(args[2], CultureInfo.InvariantCulture) };
        Console.WriteLine(Done + scenario.Run(args[1], new SaysWhenItSteps()));
        return 0;
    }

    /// <summary>Starts this assembly as a process.</summary>
    public static Process Start(params string[] arguments) => Start(new Dictionary<string, string?>(), arguments);

    /// <summary>The same with some variables set in its environment.</summary>
    public static Process Start(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(ChildProgram).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static int Say(IEnumerable<string> lines)
    {
        Console.Write(Done);
        foreach (string line in lines)
        {
            Console.WriteLine(line);
        }

        return 0;
    }

    /// <summary>What a process says after Done; it must end by itself, without an error.</summary>
    public static Task<string> Answer(params string[] arguments) => Answer(new Dictionary<string, string?>(), arguments);

    /// <summary>The same with some variables set in its environment.</summary>
    public static async Task<string> Answer(IReadOnlyDictionary<string, string?> variables, params string[] arguments)
    {
        // the runtime's own code must not be what finds no memory where a test takes it away
        var environment = new Dictionary<string, string?>(variables)
        {
            ["DOTNET_EnableWriteXorExecute"] = "0",
            ["DOTNET_TieredCompilation"] = "0",
        };
        using var child = Start(environment, arguments);
        var error = child.StandardError.ReadToEndAsync();
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, $"Exit status {child.ExitCode}: {output}{await error}");
        Assert.StartsWith(Done, output, StringComparison.Ordinal);
        return output.Trim()[Done.Length..];
    }

    /// <summary>Starts a process that downloads a file; it says Ready when the first bytes came, then Done or what went
    /// wrong.</summary>
    public static Process StartDownload(Uri address, string target, string sha256) =>
        Start(DownloadCommand, address.ToString(), target, sha256);

    /// <summary>Starts a process that loads a folder of pictures through a mapped file; it says Ready when it has read so many
    /// of them, and waits.</summary>
    public static Process StartFolder(string photos, string cache, int stallsAt) =>
        Start(FolderCommand, photos, cache, stallsAt.ToString(CultureInfo.InvariantCulture));

    private static int Download(Uri address, string target, string sha256)
    {
        try
        {
            var options = new DatasetOptions { Mirror = address, Progress = new SaysWhenBytesCome() };
            new Downloader(options, pause: TimeSpan.Zero).Download(new PublishedFile("set.gz", address, sha256), target);
            Console.WriteLine(Done);
            return 0;
        }
        catch (Exception e)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
    }

    private sealed class SaysWhenBytesCome : IProgress<DownloadProgress>
    {
        private bool _said;

        public void Report(DownloadProgress value)
        {
            if (!_said)
            {
                Console.WriteLine(Ready);
                _said = true;
            }
        }
    }

    private sealed class SaysWhenItSteps : Callback
    {
        private bool _said;

        public override void OnStepEnd(StepEndEvent e)
        {
            if (!_said)
            {
                Console.WriteLine(Ready);
                _said = true;
            }
        }
    }
}
