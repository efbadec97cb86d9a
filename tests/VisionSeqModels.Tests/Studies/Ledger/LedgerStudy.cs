using System.Globalization;
using System.Security.Cryptography;
using VisionSeqModels.Studies;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>A small study with dropout for several workers: six trials of a few epochs on synthetic images. Each step takes so
/// many milliseconds, so that there is time to be killed in.</summary>
internal static class LedgerStudy
{
    public const string Command = "study";
    public const int Trials = 6;
    private const int Epochs = 4;

    /// <summary>What a process of its own does with it: it takes the study's folder, the ledger's, its name, and the
    /// pause.</summary>
    public static int Work(string[] args)
    {
        set_num_threads(1);
        using var stop = new CancellationTokenSource();
        using var terminate = Sigterm.Cancels(stop);
        var study = Run(
            args[1],
            new StudyOptions
            {
                Ledger = new FolderLedger(args[2]),
                Worker = args[3],
                Lease = TimeSpan.FromSeconds(2),
                ParallelTrials = 1,
                ThreadsPerTrial = 1,
                Seeds = [1, 2],
            },
            int.Parse(args[4], CultureInfo.InvariantCulture),
            stop.Token
        );
        Console.WriteLine(ChildProgram.Done + study.Trials.Count(trial => trial.Outcome == StopReason.Completed));
        return 0;
    }

    public static Study Run(
        string folder,
        StudyOptions options,
        int pause = 0,
        CancellationToken cancellationToken = default,
        int epochs = Epochs
    )
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 96,
                TestCount = 32,
                Size = 16,
            }
        );
        return Study.Run(
            folder,
            StudyPlan.From(4).Vary("hidden size", [4, 6, 8], (_, value) => value).OneAtATime(),
            (size, seed) =>
                new StudyTrial
                {
                    Model = SequenceModels.Lstm(
                        RecurrentOptions.For(data) with
                        {
                            HiddenSize = size,
                            LayerCount = 2,
                            Dropout = 0.4,
                            Seed = seed,
                        }
                    ),
                    Options = new TrainerOptions
                    {
                        Epochs = epochs,
                        BatchSize = 16,
                        Device = "cpu",
                        SaveStateEverySteps = 2,
                    },
                    Callbacks = pause == 0 ? [] : [new Pause(pause)],
                },
            new FitData { Train = data.Train, Test = data.Test },
            options,
            cancellationToken: cancellationToken
        );
    }

    /// <summary>Options of a study in one process that gives the same bits.</summary>
    public static StudyOptions Alone { get; } =
        new()
        {
            ParallelTrials = 1,
            ThreadsPerTrial = 1,
            Seeds = [1, 2],
        };

    /// <summary>Each trial's weight files, by their hashes.</summary>
    public static SortedDictionary<string, string> Hashes(string study) =>
        new(
            Directory
                .EnumerateFiles(study, "*.safetensors", SearchOption.AllDirectories)
                .Where(path => !path.EndsWith(".state.safetensors", StringComparison.Ordinal))
                .Select(path => (Path.GetRelativePath(study, path), path))
                .Where(file => char.IsAsciiDigit(file.Item1[0]))
                .ToDictionary(file => file.Item1, file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.path)))),
            StringComparer.Ordinal
        );

    private sealed class Pause(int milliseconds) : Callback
    {
        protected internal override bool DrawsRandomNumbers => false;

        public override void OnStepEnd(StepEndEvent e) => Thread.Sleep(milliseconds);
    }
}
