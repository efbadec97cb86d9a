using VisionSeqModels.Runs;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Faults;

/// <summary>A run of three epochs with all that a run folder holds.</summary>
internal class RunFaults : FaultScenario
{
    private const string Folder = "runs/one";
    private static readonly string[] Reports = [".png", ".html", "activations.json"];

    private static readonly Lazy<ImageDatasets> Data = new(() =>
        SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 16,
                TestCount = 8,
                Size = 16,
            }
        )
    );

    public override string Name => "run";

    public override void Run(SimulatedDisk disk)
    {
        string folder = Path.Combine(disk.Root, Folder);
        using var model = VisionModels.LeNet(
            new LeNetOptions
            {
                ImageHeight = 16,
                ImageWidth = 16,
                Conv1Channels = 2,
                Conv2Channels = 2,
                Fc1Size = 4,
                Fc2Size = 4,
                Seed = 1,
            }
        );
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = 3,
                BatchSize = 8,
                Seed = 1,
                Device = "cpu",
                RunDirectory = folder,
                LogEverySteps = 1,
                SaveStateEverySteps = 1,
                SaveStateInterval = TimeSpan.FromDays(1),
            }
        )
        {
            Callbacks = { new PromisesStates(disk, Folder) },
        };
        var (train, test) = (Data.Value.Train, Data.Value.Test);
        _ = RunDirectory.CanResume(folder) ? trainer.Resume(folder, model, train, test) : trainer.Fit(model, train, test);
        disk.Promise(
            "the run's end",
            root => RunRecord.Read(Path.Combine(root, Folder)) is { Status: StopReason.Completed, Epochs.Count: 3 }
        );
    }

    /// <summary>A report that fails is a warning in run.json, and the run ends well: only the reports may differ then.</summary>
    public override IReadOnlyList<string> Compared(IReadOnlyList<string> result, string folder)
    {
        string[] warnings = [.. RunRecord.Read(Path.Combine(folder, Folder)).Warnings ?? []];
        return warnings.Any(warning => warning.Contains("cannot be written", StringComparison.Ordinal))
            ? [.. result.Where(line => !Reports.Any(end => line.Split(' ')[0].EndsWith(end, StringComparison.Ordinal)))]
            : result;
    }

    /// <summary>A log whose lines cannot be read loses them: it is no part of the state.</summary>
    public override bool IsLeftOut(DiskOperation operation, DiskFault fault) =>
        operation.Name.EndsWith("events.jsonl", StringComparison.Ordinal) && fault is DiskFault.Garbage or DiskFault.CutShort;
}

/// <summary>The same run, ended after some steps: it reads what it left.</summary>
internal sealed class ResumeFaults : RunFaults
{
    private static readonly Lazy<DiskImage> Ended = new(() =>
    {
        using var folder = new TempFolder();
        DiskImage? image = null;
        SimulatedDisk? disk = null;
        int flushed = 0;
        void Watch(DiskOperation operation, bool inMiddle)
        {
            bool isState =
                operation.Call == DiskCall.FlushFolder && operation.Name.EndsWith("checkpoints", StringComparison.Ordinal);
            if (isState && ++flushed == 10)
            {
                image = disk!.Image(PowerCut.None);
            }
        }

        using (disk = new SimulatedDisk(folder["disk"], DiskImage.Empty) { Watch = Watch })
        {
            new RunFaults().Run(disk);
        }

        return image!;
    });

    public override string Name => "resume";

    public override DiskImage Begin() => Ended.Value;
}

/// <summary>Each state that a run says it has saved must be found, or a newer one.</summary>
internal sealed class PromisesStates(SimulatedDisk disk, string folder) : Callback
{
    public override CallbackStage Stage => CallbackStage.Report;

    public override void OnCheckpointSaved(CheckpointSavedEvent e)
    {
        long step = e.Context.Step;
        disk.Promise(
            FormattableString.Invariant($"the state after step {step}"),
            root =>
            {
                using var state = new StateFile(Path.Combine(root, folder)).Read();
                return state.State.Step >= step;
            }
        );
    }
}
