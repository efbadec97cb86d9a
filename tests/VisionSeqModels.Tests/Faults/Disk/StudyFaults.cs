using VisionSeqModels.Data;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Faults;

/// <summary>A study of six trials and its report.</summary>
internal sealed class StudyFaults : FaultScenario
{
    private static readonly Lazy<(TinyData Train, TinyData Test)> Data = new(() => (new TinyData(16), new TinyData(8, seed: 2)));

    public override string Name => "study";

    public override void Run(SimulatedDisk disk) => RunStudy(disk, trialsAtOnce: 1);

    public static void RunStudy(SimulatedDisk disk, int trialsAtOnce)
    {
        string folder = Path.Combine(disk.Root, "study");
        var study = Study.Run(
            folder,
            StudyPlan.List(("slow", 0.01), ("middle", 0.1), ("fast", 0.5)),
            (rate, seed) =>
                new StudyTrial
                {
                    Model = TinyModel.Create(seed),
                    Options = new TrainerOptions
                    {
                        Epochs = 1,
                        BatchSize = 16,
                        Device = "cpu",
                        Optimizer = new SgdOptions { LearningRate = rate },
                        DefaultCallbacks = false,
                        SaveStateInterval = TimeSpan.FromDays(1),
                    },
                    Callbacks = [new RunRecorder()],
                },
            new FitData { Train = new SharedData(Data.Value.Train), Test = new SharedData(Data.Value.Test) },
            new StudyOptions
            {
                Seeds = [1, 2],
                ParallelTrials = trialsAtOnce,
                ThreadsPerTrial = 1,
                Progress = new Promises(disk),
            }
        );
        if (study.Trials.FirstOrDefault(trial => trial.Outcome != StopReason.Completed) is TrialResult trial)
        {
            throw new IOException($"{trial.Folder}: {trial.Reason}"); // it is tried again by the next run
        }

        study.WriteReport();
        disk.Promise("the report", root => File.Exists(Path.Combine(root, "study", "report.md")));
    }

    private sealed class SharedData(TinyData data) : IBatchSource
    {
        public string Name => data.Name;

        public long? SampleCount => data.SampleCount;

        public bool SupportsConcurrentReads => true;

        public IEnumerable<Batch> Read(BatchRequest request) => data.Read(request);
    }

    private sealed class Promises(SimulatedDisk disk) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value)
        {
            if (value is { Event: TrialEvent.Ended, Outcome: StopReason.Completed })
            {
                disk.Promise(
                    FormattableString.Invariant($"trial {value.Trial}"),
                    root =>
                        Directory
                            .GetDirectories(Path.Combine(root, "study"), FormattableString.Invariant($"{value.Trial:000}_*"))
                            .Any(run => RunRecord.Read(run).Status == StopReason.Completed)
                );
            }
        }
    }
}
