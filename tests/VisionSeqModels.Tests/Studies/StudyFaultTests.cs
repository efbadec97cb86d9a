using System.Text.Json.Nodes;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What goes wrong in a study: each gives a row or a sentence, and the other trials finish.</summary>
[Collection("Torch")]
public sealed class StudyFaultTests : TinyDataTests
{
    [Fact]
    public void FaultOfTheDisk_IsARow_AndTriedAgainTheNextTime()
    {
        bool full = true;
        StudyTrial MakeOn(double rate, long seed) =>
            Make(rate) with
            {
                Callbacks =
                [
                    new TracingCallback([])
                    {
                        At = "StepEnd 5",
                        Act = context => _ = full && rate == 0.1 ? throw new IOException("No space left on device") : context,
                    },
                ],
            };
        var study = Run(MakeOn);
        Assert.Equal([StopReason.Failed, StopReason.Completed], study.Trials.Select(row => row.Outcome));
        Assert.Contains("No space left on device", study.Trials[0].Reason, StringComparison.Ordinal);
        string second = File.ReadAllText(Folder["study/002_b_seed1/run.json"]);

        full = false;
        var progress = new List<StudyProgress>();
        study = Run(MakeOn, progress);
        Assert.All(study.Trials, row => Assert.Equal((StopReason.Completed, null), (row.Outcome, row.Reason)));
        Assert.Equal(second, File.ReadAllText(Folder["study/002_b_seed1/run.json"]));
        Assert.Equal(TrialEvent.DoneBefore, Assert.Single(progress, entry => entry.Trial == 2).Event);
    }

    [Fact]
    public void LearningRateOf100_AndAModelThatThrows_AreRowsBesideASoundOne()
    {
        using var images = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 200,
                TestCount = 20,
                Size = 16,
            }
        );
        var study = Study.Run(
            Folder["study"],
            StudyPlan.List(("hot", 100.0), ("thrown", 0), ("sound", 0.01)),
            (rate, seed) =>
                new StudyTrial
                {
                    Model = VisionModels.LeNet(LeNetOptions.For(images) with { Fc1Size = rate == 0 ? 0 : 16, Seed = seed }),
                    Options = new TrainerOptions
                    {
                        Epochs = 5,
                        Device = "cpu",
                        Optimizer = new SgdOptions { LearningRate = rate },
                    },
                },
            new FitData { Train = images.Train, Test = images.Test },
            new StudyOptions { ParallelTrials = 2, ThreadsPerTrial = 1 }
        );
        Assert.Equal([StopReason.NonFinite, StopReason.Failed, StopReason.Completed], study.Trials.Select(row => row.Outcome));
        Assert.Contains("A lower learning rate", study.Trials[0].Reason, StringComparison.Ordinal);
        Assert.Contains("Fc1Size must be at least 1, but is 0", study.Trials[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void FaultOfTheTrial_IsNotTriedAgain()
    {
        int tried = 0;
        StudyTrial Throwing(double rate, long seed) =>
            rate == 0.1 ? throw new InvalidOperationException($"no such model {++tried}") : Make(rate);
        Run(Throwing);
        Assert.Equal("no such model 1", Run(Throwing).Trials[0].Reason);
        Assert.Equal(1, tried);
    }

    [Fact]
    public void RecordThatCannotBeWritten_IsReportedWhenTheOthersAreDone()
    {
        StudyTrial Breaking(double rate, long seed)
        {
            if (rate != 0.1)
            {
                return Make(rate);
            }

            var trial = Make(rate);
            return trial with
            {
                Callbacks = [.. trial.Callbacks, new TracingCallback([]) { At = "StepEnd 1", Act = _ => Break() }],
            };
        }

        void Break()
        {
            File.Delete(Folder["study/study.json"]);
            Directory.CreateDirectory(Folder["study/study.json"]);
            File.WriteAllText(Folder["study/study.json/in-the-way"], "");
            throw new InvalidOperationException("broken");
        }

        var error = Assert.Throws<IOException>(() => Run(Breaking));
        Assert.Contains("All trials were tried, but study.json in ", error.Message, StringComparison.Ordinal);
        Assert.Equal(StopReason.Completed, TrainingHistory.Load(Folder["study/002_b_seed1"]).StopReason);
    }

    [Theory]
    [InlineData("{\"format\": 0}")]
    [InlineData("{")]
    [InlineData("{\"format\": 1, \"trainer\": {\"device\": \"\\ud800\"}}")]
    public void TrialWhoseRecordCannotBeRead_IsARow(string record)
    {
        Run((rate, _) => Make(rate));
        File.WriteAllText(Folder["study/001_a_seed1/run.json"], record);
        var opened = Study.Open(Folder["study"]);
        Assert.Equal([StopReason.Failed, StopReason.Completed], opened.Trials.Select(row => row.Outcome));
        Assert.Contains("run.json", opened.Trials[0].Reason, StringComparison.Ordinal);
        opened.WriteReport();
        Assert.Equal(StopReason.Completed, Run((rate, _) => Make(rate)).Trials[1].Outcome);
    }

    [Theory]
    [InlineData("../elsewhere")]
    [InlineData("..")]
    [InlineData("C:\\\\elsewhere")]
    public void TrialOutsideOfTheStudysFolder_IsRefused(string name)
    {
        Run((rate, _) => Make(rate));
        string path = Folder["study/study.json"];
        File.WriteAllText(path, File.ReadAllText(path).Replace("001_a_seed1", name, StringComparison.Ordinal));
        Assert.Contains(
            "is no folder within the study's.",
            Assert.Throws<InvalidDataException>(() => Study.Open(Folder["study"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void OddEntriesInATrialsRecord_LeaveTheReportWhole_AndInItsFolder()
    {
        Run((rate, _) => Make(rate));
        string path = Folder["study/001_a_seed1/run.json"];
        var run = JsonNode.Parse(File.ReadAllText(path))!;
        run["model"] = "none";
        run["data"] = "none";
        run["epochs"]![0]!["metrics"]!["../../outside"] = 1.5;
        File.WriteAllText(path, run.ToJsonString());

        var study = Study.Open(Folder["study"]);
        study.WriteReport();

        Assert.Null(study.Trials[0].Parameters);
        Assert.True(File.Exists(Folder["study/..%2F..%2Foutside.png"]));
        Assert.Contains("(..%252F..%252Foutside.png)", File.ReadAllText(Folder["study/report.md"]), StringComparison.Ordinal);
        Assert.Equal([Folder["study"]], Directory.GetFileSystemEntries(Folder.Root));
    }

    /// <summary>It is called from the trials' threads; none may be lost with it, and none may wait for ever.</summary>
    [Theory]
    [InlineData(TrialEvent.Ended)]
    [InlineData(TrialEvent.DoneBefore)]
    public void ListenerThatThrows_EndsTheStudyWithItsOwnException(TrialEvent at)
    {
        using var images = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 32,
                TestCount = 16,
                Size = 16,
            }
        );
        void Run(IProgress<StudyProgress>? progress) =>
            Study.Run(
                Folder["study"],
                StudyPlan.List(("a", 1), ("b", 2)),
                (_, seed) =>
                    new StudyTrial
                    {
                        Model = SequenceModels.Rnn(RecurrentOptions.For(images) with { HiddenSize = 2, Seed = seed }),
                        Options = new TrainerOptions { Epochs = 1, Device = "cpu" },
                    },
                new FitData { Train = images.Train },
                new StudyOptions
                {
                    ParallelTrials = 2,
                    ThreadsPerTrial = 1,
                    Progress = progress,
                }
            );
        if (at == TrialEvent.DoneBefore)
        {
            Run(null);
        }

        var error = Assert.Throws<InvalidOperationException>(() =>
            Run(new Listener(entry => _ = entry.Event == at ? throw new InvalidOperationException("deaf") : entry))
        );
        Assert.Equal("deaf", error.Message);
        Run(null);
        Assert.All(Study.Open(Folder["study"]).Trials, row => Assert.Equal(StopReason.Completed, row.Outcome));
    }

    private Study Run(Func<double, long, StudyTrial> make, List<StudyProgress>? progress = null) =>
        Study.Run(
            Folder["study"],
            StudyPlan.List(("a", 0.1), ("b", 0.2)),
            make,
            new FitData { Train = Tiny, Test = Tiny },
            new StudyOptions { Progress = progress is null ? null : new Listener(progress.Add) }
        );

    private static StudyTrial Make(double rate) =>
        new()
        {
            Model = TinyModel.Create(),
            Options = new TrainerOptions
            {
                Epochs = 3,
                BatchSize = 16,
                Device = "cpu",
                Optimizer = new SgdOptions { LearningRate = rate },
            },
        };
}
