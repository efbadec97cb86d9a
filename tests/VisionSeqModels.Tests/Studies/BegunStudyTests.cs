using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>How a study of one process begins and ends, of trials that fail before they train.</summary>
[Collection("Torch")]
public sealed class BegunStudyTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<StudyProgress> _heard = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, true, "val_accuracy")] // each fold is held out as validation data
    [InlineData(true, false, "test_accuracy")]
    [InlineData(false, true, "test_accuracy")]
    [InlineData(false, false, "test_accuracy")]
    public void Settings_AreComparedOnTheDataThatIsHeldOut(bool hasFolds, bool hasTest, string monitor)
    {
        var plan = FailingStudy.List("a");
        var study = FailingStudy.Run(
            _folder["s"],
            hasFolds ? plan.WithFolds(3) : plan,
            new StudyOptions(),
            data: new FitData { Train = TinySequences.Create(12), Test = hasTest ? TinySequences.Create(4) : null }
        );
        Assert.Equal((monitor, true), (study.Monitor, study.HigherIsBetter));
        Assert.All(study.Trials, trial => Assert.Equal((StopReason.Failed, "no model"), (trial.Outcome, trial.Reason)));
    }

    [Fact]
    public void Reports_HaveTheNumberOfAllTrials()
    {
        var plan = FailingStudy.List("a", "b").WithFolds(3, run: 2).Repeat(2);
        FailingStudy.Run(_folder["s"], plan, Heard);
        Assert.All(_heard, one => Assert.Equal(8, one.TrialCount));
        Assert.Equal(
            [("a", 1, 1), ("a", 1, 2), ("a", 2, 1), ("a", 2, 2), ("b", 1, 1), ("b", 1, 2), ("b", 2, 1), ("b", 2, 2)],
            _heard.Where(one => one.Event == TrialEvent.Started).Select(one => (one.Setting, (int)one.Seed, one.Fold!.Value))
        );
        Assert.Equal(Enumerable.Range(1, 8).SelectMany(i => new[] { i, i }), _heard.Select(one => one.Trial));
    }

    [Fact]
    public void RecordThatCannotBeWritten_IsReportedWhenAllAreDone()
    {
        string record = _folder["s/study.json"];
        void Break(StudyProgress report)
        {
            if (report is { Event: TrialEvent.Started, Trial: 1 })
            {
                File.Delete(record);
                Directory.CreateDirectory(record);
                File.WriteAllText(Path.Combine(record, "in-the-way"), "");
            }
        }

        var options = Heard with { Progress = FailingStudy.Hear(_heard, Break) };
        var error = Assert.Throws<IOException>(() => FailingStudy.Run(_folder["s"], FailingStudy.List("a", "b"), options));
        Assert.StartsWith("All trials were tried, but study.json in ", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _heard.Count(one => one.Event == TrialEvent.Ended));
    }

    [Fact]
    public void StudyThatWasBegun_KeepsItsMonitor_WhateverItsTrialsMeasureNow()
    {
        Made("completed", "test_loss");
        using var data = new TinyData(8);
        var study = FailingStudy.Run(
            _folder["s"],
            FailingStudy.List("a"),
            Heard with
            {
                AcceptChanges = true,
            },
            _ => new StudyTrial
            {
                Model = TinyModel.Create(),
                Options = new TrainerOptions { Epochs = 1 },
            },
            new FitData { Train = data, Test = data }
        );
        Assert.Equal(("test_loss", false), (study.Monitor, study.HigherIsBetter));
        Assert.Equal([TrialEvent.DoneBefore], _heard.Select(one => one.Event));
        Assert.Contains("data source was \"cifar10\" and is \"tiny\"", Assert.Single(study.Trials).Changes);
    }

    [Fact]
    public void TrialOfOtherOptions_IsRefused()
    {
        Made("completed");
        Assert.Contains(
            "was run with other options than the study's function builds now: it cannot be built: no model.",
            Assert.Throws<InvalidOperationException>(() => FailingStudy.Run(_folder["s"], FailingStudy.List("a"), Heard)).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(_heard);
    }

    [Theory]
    [InlineData("running", false)]
    [InlineData("cancelled", false)]
    [InlineData("completed", true)]
    [InlineData("stopped_early", true)]
    [InlineData("non_finite", true)]
    public void TrialThatWasOver_IsNotTriedAgain(string status, bool isOver)
    {
        Made(status);
        FailingStudy.Run(_folder["s"], FailingStudy.List("a"), Heard with { AcceptChanges = true });
        Assert.Equal(isOver ? [TrialEvent.DoneBefore] : [TrialEvent.Started, TrialEvent.Ended], _heard.Select(one => one.Event));
    }

    /// <summary>A sampler is made once for each run, and asked for one setting after another.</summary>
    [Fact]
    public void Search_TakesInOneSettingAfterAnother_EachWithItsSeeds()
    {
        int samplers = 0;
        var plan = StudyPlan.From(0).Vary("x", [0, 1, 2], (_, value) => value).Search(2, 5, () => new Ascending(++samplers));
        var study = FailingStudy.Run(_folder["s"], plan, Heard with { Seeds = [1, 7] });
        Assert.Equal(
            ["1/4 x 0 seed 1", "2/4 x 0 seed 7", "3/4 x 1 seed 1", "4/4 x 1 seed 7"],
            _heard
                .Where(one => one.Event == TrialEvent.Started)
                .Select(one => $"{one.Trial}/{one.TrialCount} {one.Setting} seed {one.Seed}")
        );
        Assert.Equal(_heard.Count(one => one.Event == TrialEvent.Ended), study.Trials.Count);
        Assert.Equal(1, samplers);
    }

    /// <summary>The thread that finds no trial waits until the other has ended its own.</summary>
    [Fact]
    public void MoreThreadsThanTrials_EndWithThem()
    {
        var options = Heard with { ParallelTrials = 2, Progress = FailingStudy.Hear(_heard, _ => Thread.Sleep(30)) };
        var study = FailingStudy.Run(_folder["s"], FailingStudy.List("a"), options);
        Assert.Equal([TrialEvent.Started, TrialEvent.Ended], _heard.Select(one => one.Event));
        Assert.Equal(2, study.ParallelTrials);
    }

    private StudyOptions Heard => new() { Progress = FailingStudy.Hear(_heard) };

    /// <summary>A study of one trial that ended somehow.</summary>
    private void Made(string status, string monitor = "test_accuracy") =>
        new MadeUpStudy(_folder["s"]) { Monitor = monitor }
            .Add(
                "a",
                new() { ["setting"] = "a" },
                1,
                1,
                _ => [("train_loss", 1), ("test_loss", 1), ("test_accuracy", 0.5)],
                json => json["status"] = status
            )
            .Open();

    private sealed class Ascending(int first) : IStudySampler
    {
        private int _next = first - 1;

        public IReadOnlyList<double> Ask(IReadOnlyList<StudyDimension> space, Random random) => [_next++];

        public void Tell(IReadOnlyList<double> point, double? score) { }
    }
}
