using VisionSeqModels.Runs;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A study's record while it runs, with stores that fail when a test says so.</summary>
public sealed class StudyRecordTests
{
    private readonly Store _store = new();
    private readonly Records _trials = new();

    [Fact]
    public void NewTrials_GetFoldersOfTheirOwn()
    {
        var record = Begin(null, Entry("Learning rate 0.1/x-ä", 3), Entry(new string('n', 70), 4) with { Fold = 2 });
        Assert.Equal(
            ["001_learning_rate_0.1_x-__seed3", $"002_{new string('n', 60)}_seed4_fold2"],
            record.File.Trials.Select(trial => trial.Folder)
        );
        Assert.Empty(_store.Written);
        Assert.True(record.Save());
        Assert.Same(record.File, Assert.Single(_store.Written));
    }

    [Fact]
    public void KnownTrials_Stay_AndNewOnesComeAfterThem()
    {
        var before = TheStudy with { Trials = [Entry("a", 1) with { Folder = "own", Failure = "broken" }, Entry("old", 1)] };
        var record = Begin(before, Entry("b", 1), Entry("a", 1));
        Assert.Equal(["own", "", "003_b_seed1"], record.File.Trials.Select(trial => trial.Folder));
        Assert.Equal("broken", record.Of(new TrialKey("a", 1, null)).Failure);
    }

    [Fact]
    public void OtherStudy_IsRefused()
    {
        var before = TheStudy with { Trials = [Entry("a", 1) with { Division = "x" }] };
        string folder = Path.GetFullPath("folder");
        Assert.Equal(
            $"The study in '{folder}' compares by test_loss, but is to compare by test_accuracy. Give the same, or "
                + "another folder.",
            Fault(before with { Monitor = "test_loss" }, Entry("a", 1))
        );
        Assert.Equal(
            $"The study in '{folder}' has 3 folds (seed 0), but the plan has no folds, which are trials on other data. Give the "
                + "same, or another folder; Repeat, and the parameter run of WithFolds, extend a study.",
            Fault(
                before with
                {
                    Folds = new StudyFolds
                    {
                        Count = 3,
                        Seed = 0,
                        Stratified = false,
                        Grouped = false,
                    },
                },
                Entry("a", 1)
            )
        );
        Assert.Equal(
            $"The study in '{folder}' has a setting 'a' with rate 1, but it is to be rate 2, size 3. Give the same "
                + "plan, or another "
                + "folder.",
            Fault(before, Entry("a", 1) with { Factors = Factors(("rate", "2"), ("size", "3")) })
        );
        Assert.Equal(
            $"The study in '{folder}' divided its training data into other folds for the trial 'a, seed 1': samples, labels or "
                + "groups have changed since. Give the same data and groups, or another folder.",
            Fault(before, Entry("a", 1) with { Division = "y" })
        );
    }

    [Fact]
    public void FactorsInAnotherOrder_AreTheSame()
    {
        var before = TheStudy with { Trials = [Entry("a", 1) with { Factors = Factors(("rate", "1"), ("size", "2")) }] };
        var record = Begin(before, Entry("a", 1) with { Factors = Factors(("size", "2"), ("rate", "1")) });
        Assert.Single(record.File.Trials);
    }

    [Fact]
    public void EndOfATrial_IsNotedAndWritten_WhereSomethingChanged()
    {
        var record = Begin(null, Entry("a", 1), Entry("b", 1));
        var trial = record.File.Trials[0];
        record.Ended(trial, null);
        Assert.Empty(_store.Written);
        record.Ended(trial, new InvalidOperationException("broken"));
        Assert.Equal(("broken", false), (record.File.Trials[0].Failure, record.File.Trials[0].CanTryAgain));
        record.Ended(record.File.Trials[0], new InvalidOperationException("broken"));
        Assert.Single(_store.Written);
        record.Ended(trial, new InvalidOperationException("once more"), canTryAgain: true);
        Assert.Equal(("once more", true), (record.File.Trials[0].Failure, record.File.Trials[0].CanTryAgain));
        record.Ended(trial, new InvalidOperationException("outer", new IOException("disk")));
        Assert.Equal(("outer", true), (record.File.Trials[0].Failure, record.File.Trials[0].CanTryAgain));
        record.Ended(trial, null);
        Assert.Equal((null, false), (record.File.Trials[0].Failure, record.File.Trials[0].CanTryAgain));
        Assert.Null(record.File.Trials[1].Failure);
    }

    [Fact]
    public void FaultOfTheDisk_IsAmongTheCauses()
    {
        Assert.False(StudyRecord.IsOfTheDisk(null));
        Assert.False(StudyRecord.IsOfTheDisk(new InvalidOperationException("a", new ArgumentException("b"))));
        Assert.True(StudyRecord.IsOfTheDisk(new UnauthorizedAccessException()));
        Assert.True(StudyRecord.IsOfTheDisk(new InvalidOperationException("a", new ArgumentException("b", new IOException()))));
    }

    [Fact]
    public void RecordThatCannotBeWritten_IsReportedAtTheEnd()
    {
        var record = Begin(null, Entry("a", 1));
        record.Close();
        Assert.Empty(_store.Written);
        _store.Fault = new IOException("no room");
        record.Ended(record.File.Trials[0], new InvalidOperationException("broken"));
        Assert.Equal(
            $"All trials were tried, but study.json in '{Path.GetFullPath("folder")}' could not be written: no room The "
                + "trials' own "
                + "folders hold what they did; make room and run the study again to resume it.",
            Assert.Throws<IOException>(record.Close).Message
        );
        _store.Fault = null;
        record.Close();
        Assert.Equal("broken", Assert.Single(_store.Written).Trials[0].Failure);
        record.Close();
        Assert.Single(_store.Written);
    }

    [Fact]
    public void TrialsOfASearch_AreTakenIn_UnlessAnotherProcessWasFirst()
    {
        var record = Begin(null, Entry("a", 1));
        Assert.True(record.Add([Entry("b", 1), Entry("a", 1)]));
        Assert.Equal(["a", "b"], record.File.Trials.Select(trial => trial.Setting));
        Assert.Equal("002_b_seed1", _store.Written[^1].Trials[1].Folder);
        _store.IsTaken = true;
        Assert.False(record.Add([Entry("c", 1)]));
        Assert.False(record.Save());
        Assert.Equal(2, record.File.Trials.Count);
        record.Reload();
        Assert.Equal(2, record.File.Trials.Count);
        _store.Found = TheStudy with { Question = "other", Trials = [Entry("z", 1)] };
        record.Reload();
        Assert.Equal(("Which?", "z"), (record.File.Question, Assert.Single(record.File.Trials).Setting));
    }

    [Fact]
    public void TrialsOfASearch_AreTakenIn_ThoughThereIsNoRoom()
    {
        var record = Begin(null, Entry("a", 1));
        _store.Fault = new IOException("no room");
        Assert.True(record.Add([Entry("b", 1)]));
        Assert.Equal(["a", "b"], record.File.Trials.Select(trial => trial.Setting));
        _store.Fault = null;
        record.Close();
        Assert.Same(record.File, Assert.Single(_store.Written));
    }

    [Fact]
    public void WhatALedgerSays_IsNoted_AndNotWritten()
    {
        var record = Begin(null, Entry("a", 1), Entry("b", 1));
        record.Note([
            new LedgerTrial
            {
                Trial = "002_b_seed1",
                Status = LedgerTrialStatus.Released,
                Token = 1,
                Worker = "w",
                Version = 1,
                Reason = "no room there",
            },
        ]);
        Assert.Equal(
            [(null, false), ("no room there", true)],
            record.File.Trials.Select(trial => (trial.Failure, trial.CanTryAgain))
        );
        Assert.Empty(_store.Written);
    }

    [Fact]
    public void Changes_AreMarked_AndTakenBack()
    {
        var record = Begin(null, Entry("a", 1), Entry("b", 1) with { Changes = ["old"] });
        record.Mark(new Dictionary<TrialKey, IReadOnlyList<string>?> { [new("a", 1, null)] = ["x was 1 and is 2"] });
        Assert.Equal(
            [
                ["x was 1 and is 2"],
                ["old"],
            ],
            record.File.Trials.Select(trial => trial.Changes!)
        );
        record.Mark(new Dictionary<TrialKey, IReadOnlyList<string>?> { [new("b", 1, null)] = null });
        Assert.Null(record.File.Trials[1].Changes);
    }

    [Theory]
    [InlineData(StopReason.Completed, 0.25, true, 0.25)]
    [InlineData(StopReason.StoppedEarly, 0.25, false, -0.25)]
    [InlineData(StopReason.NonFinite, 0.25, true, null)]
    [InlineData(StopReason.Running, 0.25, true, null)]
    [InlineData(StopReason.Completed, double.NaN, true, null)]
    [InlineData(StopReason.Completed, double.PositiveInfinity, true, null)]
    public void Score_IsTheLastFullEpochs_WithTheSignThatMakesMoreBetter(
        StopReason reason,
        double last,
        bool higher,
        double? score
    )
    {
        var record = StudyRecord.Begin(
            "folder",
            TheStudy with
            {
                HigherIsBetter = higher,
                Trials = [Entry("a", 1)],
            },
            null,
            _store,
            _trials
        );
        var trial = record.File.Trials[0];
        Assert.Equal((null, null), (record.HistoryOf(trial), record.ScoreOf(trial)));
        _trials.Found = RunOf() with
        {
            Status = reason,
            Epochs =
            [
                Epoch.Of(1, "test_accuracy", 7),
                Epoch.Of(2, "test_accuracy", last),
                Epoch.Of(3, "test_accuracy", 9) with
                {
                    IsFinite = false,
                },
                Epoch.Of(4, "test_accuracy", 8) with
                {
                    IsPartial = true,
                },
            ],
        };
        Assert.Equal(score, record.ScoreOf(trial));
        Assert.Equal(4, record.HistoryOf(trial)!.Epochs.Count);
        Assert.Equal(Path.Combine("folder", trial.Folder), record.HistoryOf(trial)!.RunDirectory);
    }

    private StudyRecord Begin(StudyFile? before, params StudyFile.Entry[] trials) =>
        StudyRecord.Begin("folder", TheStudy with { Trials = trials }, before, _store, _trials);

    private string Fault(StudyFile before, StudyFile.Entry trial) =>
        Assert.Throws<InvalidOperationException>(() => Begin(before, trial)).Message;

    private static StudyFile.Entry Entry(string setting, long seed) => new(setting, Factors(("rate", "1")), seed, "");

    private sealed class Store : IRecordStore
    {
        public List<StudyFile> Written { get; } = [];

        public IOException? Fault { get; set; }

        public bool IsTaken { get; set; }

        public StudyFile? Found { get; set; }

        public StudyFile? Find() => Found;

        public bool TryWrite(StudyFile file)
        {
            if (Fault is not null)
            {
                throw Fault;
            }

            Written.Add(file);
            return !IsTaken;
        }
    }

    private sealed class Records : ITrialRecords
    {
        public RunRecord? Found { get; set; }

        public (RunRecord? Record, string? Problem) Read(StudyFile.Entry trial) => (Found, null);

        public bool HasState(StudyFile.Entry trial) => false;

        public System.Text.Json.Nodes.JsonObject? Setup(StudyFile.Entry trial, RunRecord? record) => null;
    }
}
