using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What is said while a study of milliseconds runs: in its order, with its numbers.</summary>
[Collection("Torch")]
public sealed class StudyEventsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ClockedStore _store = new();
    private readonly List<StudyProgress> _heard = [];

    public void Dispose() => _folder.Dispose();

    private IEnumerable<string> Said =>
        _heard
            .Where(one => one.Event is not (TrialEvent.Training or TrialEvent.Evaluating))
            .Select(one => $"{one.Trial}/{one.TrialCount} {one.Setting} {one.Event} {one.Epoch}/{one.Epochs}");

    [Fact]
    public void EachTrial_IsReported_FromItsBeginningToItsEnd()
    {
        var options = Options;
        var study = TinyStudy.Run(_folder["s"], options, ("a", 0.01), ("b", 0.1));
        Assert.Equal(
            [
                "1/2 a Started 0/0",
                "1/2 a EpochEnd 1/3",
                "1/2 a EpochEnd 2/3",
                "1/2 a EpochEnd 3/3",
                "1/2 a Ended 3/0",
                "2/2 b Started 0/0",
                "2/2 b EpochEnd 1/3",
                "2/2 b EpochEnd 2/3",
                "2/2 b EpochEnd 3/3",
                "2/2 b Ended 3/0",
            ],
            Said
        );
        var ended = _heard[^1];
        Assert.Equal((StopReason.Completed, null, 1), (ended.Outcome, ended.Reason, ended.Seed));
        Assert.Equal(study.Trials[1].Final!.Metrics, ended.Record!.Metrics);
        Assert.Equal(1, _heard.First(one => one.Event == TrialEvent.EpochEnd).EpochFraction);
        _heard.Clear();
        TinyStudy.Run(_folder["s"], options, ("a", 0.01), ("b", 0.1));
        Assert.Equal(["1/2 a DoneBefore 0/0", "2/2 b DoneBefore 0/0"], Said);
    }

    [Fact]
    public void Halving_PausesTrials_AndContinuesTheBest()
    {
        var study = TinyStudy.Run(
            _folder["s"],
            Options with
            {
                Halving = new SuccessiveHalvingOptions { MaximumEpochs = 3 },
            },
            ("a", 0.001),
            ("b", 0.5),
            ("c", 0.002)
        );
        Assert.Equal(
            [
                "1/3 a Started 0/0",
                "1/3 a EpochEnd 1/3",
                "1/3 a Paused 1/0",
                "2/3 b Started 0/0",
                "2/3 b EpochEnd 1/3",
                "2/3 b Paused 1/0",
                "3/3 c Started 0/0",
                "3/3 c EpochEnd 1/3",
                "3/3 c Paused 1/0",
            ],
            Said.Take(9)
        );
        string best = study.Trials.Single(trial => trial.Outcome == StopReason.Completed).Setting;
        Assert.Equal(["Started 0/0", "EpochEnd 2/3", "EpochEnd 3/3", "Ended 3/0"], Said.Skip(9).Select(said => said[6..]));
        Assert.All(Said.Skip(9), said => Assert.Equal(best, said[4..5]));
    }

    [Fact]
    public void TrialThatIsCancelledBeforeItsRung_DoesNotWaitThere()
    {
        using var data = new TinyData(64);
        using var stop = new CancellationTokenSource();
        var options = new StudyOptions
        {
            ParallelTrials = 1,
            Halving = new SuccessiveHalvingOptions { MinimumEpochs = 2, MaximumEpochs = 4 },
            Progress = new Listener(report =>
            {
                _heard.Add(report);
                if (report.Event == TrialEvent.EpochEnd)
                {
                    stop.Cancel();
                }
            }),
        };
        var study = Study.Run(
            _folder["s"],
            StudyPlan.List(("a", 1), ("b", 2)),
            (_, _) => Trial(),
            new FitData { Train = data, Test = data },
            options,
            cancellationToken: stop.Token
        );
        Assert.Equal((TrialEvent.Ended, StopReason.Cancelled), (_heard[^1].Event, _heard[^1].Outcome));
        Assert.Equal([StopReason.Cancelled, StopReason.Running], study.Trials.Select(trial => trial.Outcome));
    }

    [Fact]
    public void ThreadsOfLibtorch_AreAsManyAsBefore()
    {
        int before = TorchSharp.torch.get_num_threads();
        TinyStudy.Run(_folder["s"], Options with { ThreadsPerTrial = before + 1 }, ("a", 0.01));
        Assert.Equal(before, TorchSharp.torch.get_num_threads());
        Assert.Equal(before + 1, Study.Open(_folder["s"]).Trials[0].History!.ThreadCount);
    }

    [Fact]
    public void Part_RunsItsOwnTrials()
    {
        var study = TinyStudy.Run(_folder["s"], Options with { Shard = new StudyShard(1, 2) }, ("a", 0.01), ("b", 0.1));
        Assert.Equal([StopReason.Running, StopReason.Completed], study.Trials.Select(trial => trial.Outcome));
    }

    [Fact]
    public void FailedTrial_IsReportedWithItsReason()
    {
        using var data = new TinyData(64);
        var study = Study.Run(
            _folder["s"],
            StudyPlan.List(("a", 1), ("b", 2)),
            (value, _) => value == 1 ? throw new InvalidOperationException("no model") : Trial(),
            new FitData { Train = data, Test = data },
            Options
        );
        var ended = _heard.Last(one => one.Trial == 1);
        Assert.Equal(
            (TrialEvent.Ended, StopReason.Failed, "no model", 0),
            (ended.Event, ended.Outcome, ended.Reason, ended.Epoch)
        );
        Assert.Null(ended.Record);
        Assert.Equal([StopReason.Failed, StopReason.Completed], study.Trials.Select(trial => trial.Outcome));
    }

    [Fact]
    public void CancelledBeforeItBegins_NothingIsTrained()
    {
        using var data = new TinyData(64);
        var built = new List<StudyTrial>();
        var study = Study.Run(
            _folder["s"],
            StudyPlan.List(("a", 1)),
            (_, _) =>
            {
                built.Add(Trial());
                return built[^1];
            },
            new FitData { Train = data, Test = data },
            Options,
            cancellationToken: new CancellationToken(true)
        );
        Assert.All(Assert.Single(built).Model.parameters(), parameter => Assert.True(parameter.IsInvalid));
        Assert.Equal(StopReason.Running, Assert.Single(study.Trials).Outcome);
        Assert.Empty(_heard);
        Assert.True(File.Exists(_folder["s/study.json"]));
    }

    [Fact]
    public void OneWorkerOverALedger_DoesTheStudy_AndItsFolderHasAll()
    {
        var ledger = new FolderLedger(_folder["ledger"]);
        Assert.StartsWith(
            $"There is no study yet in {ledger.Name}. ",
            Assert.Throws<FileNotFoundException>(() => Study.Open(ledger, _folder["none"])).Message,
            StringComparison.Ordinal
        );
        var options = Options with { Ledger = ledger, Worker = "me" };
        var study = TinyStudy.Run(_folder["s"], options, ("a", 0.01), ("b", 0.1));
        Assert.Equal(
            ["Started 0/0", "EpochEnd 1/3", "EpochEnd 2/3", "EpochEnd 3/3", "Ended 3/0"],
            Said.Take(5).Select(said => said[6..])
        );
        Assert.All(study.Trials, trial => Assert.Equal(("me", null), (Assert.Single(trial.Claims).Worker, trial.Reason)));
        Assert.All(study.Trials, trial => Assert.Equal(3, trial.Final!.Epoch));
        Assert.True(File.Exists(_folder["s/001_a_seed1/run.json"]));
        Assert.False(Directory.Exists(_folder["s/work"]));
        Assert.All(
            ledger.Trials(),
            trial => Assert.Equal((LedgerTrialStatus.Completed, 3), (trial.Status, trial.Position!.Epoch))
        );
        _heard.Clear();
        TinyStudy.Run(_folder["s"], options, ("a", 0.01), ("b", 0.1));
        Assert.Equal(["1/2 a DoneBefore 0/0", "2/2 b DoneBefore 0/0"], Said);
        var copy = Study.Open(ledger, _folder["copy"]);
        Assert.Equal(study.Trials.Select(trial => trial.Score), copy.Trials.Select(trial => trial.Score));
        Assert.True(File.Exists(_folder["copy/002_b_seed1/run.json"]));
    }

    [Fact]
    public void StudyOfOneProcess_ContinuesOverALedger()
    {
        var alone = TinyStudy.Run(_folder["s"], Options, ("a", 0.01));
        _heard.Clear();
        var shared = TinyStudy.Run(_folder["s"], Options with { Ledger = new LogLedger(_store), Worker = "me" }, ("a", 0.01));
        Assert.Equal(["1/1 a Started 0/0", "1/1 a Ended 3/0"], Said); // it was over, and nothing is trained
        Assert.Equal(alone.Trials[0].Score, shared.Trials[0].Score);
        Assert.Equal("me", Assert.Single(shared.Trials[0].Claims).Worker);
    }

    [Fact]
    public void TrialThatAnotherWorkerTakes_IsLost_AndHeardOf()
    {
        var ledger = new LogLedger(_store);
        StudyClaim? theirs = null;
        void Hear(StudyProgress report)
        {
            lock (_heard)
            {
                _heard.Add(report);
            }

            if (report is { Event: TrialEvent.EpochEnd, Epoch: 1 })
            {
                _store.Now += TimeSpan.FromMinutes(2); // this worker was late
                theirs = ledger.Claim(["001_a_seed1"], Request);
            }

            if (report.Event == TrialEvent.Lost)
            {
                ledger.Fail(theirs!, "broken there", null);
            }
        }

        var options = new StudyOptions
        {
            ParallelTrials = 1,
            Ledger = ledger,
            Worker = "me",
            Progress = new Listener(Hear),
        };
        var study = TinyStudy.Run(_folder["s"], options, ("a", 0.01));
        Assert.Equal(["1/1 a Started 0/0", "1/1 a EpochEnd 1/3"], Said.Take(2));
        Assert.Equal([TrialEvent.Lost, TrialEvent.Ended], _heard.TakeLast(2).Select(one => one.Event));
        Assert.Equal("other", _heard.Single(one => one.Event == TrialEvent.Lost).Worker);
        Assert.Equal(("other", "broken there"), (_heard[^1].Worker, _heard[^1].Reason));
        var trial = Assert.Single(study.Trials);
        Assert.Equal((StopReason.Failed, "broken there"), (trial.Outcome, trial.Reason));
        Assert.Equal(["me", "other"], trial.Claims.Select(claim => claim.Worker));
    }

    [Fact]
    public void TrialThatAnotherWorkerEnds_IsHeardOf_AndNotRun()
    {
        var ledger = new LogLedger(_store);
        void Hear(StudyProgress report)
        {
            lock (_heard)
            {
                _heard.Add(report);
            }

            if (report is { Event: TrialEvent.Started, Trial: 1 })
            {
                ledger.Fail(ledger.Claim(["002_b_seed1"], Request)!, "broken there", null);
            }
        }

        var options = new StudyOptions
        {
            ParallelTrials = 1,
            Ledger = ledger,
            Worker = "me",
            Progress = new Listener(Hear),
        };
        TinyStudy.Run(_folder["s"], options, ("a", 0.01), ("b", 0.1));
        Assert.Contains("1/2 a Ended 3/0", Said);
        var theirs = Assert.Single(_heard, one => one.Trial == 2);
        Assert.Equal((TrialEvent.Ended, "other", StopReason.Failed), (theirs.Event, theirs.Worker, theirs.Outcome));
    }

    [Fact]
    public void SearchOverALedger_TriesAsMany()
    {
        using var data = new TinyData(64);
        var study = Study.Run(
            _folder["s"],
            StudyPlan.From(0.1).Vary("rate", [0.1, 0.2, 0.3], (_, value) => value).Search(2, seed: 1),
            (_, _) => Trial(),
            new FitData { Train = data, Test = data },
            Options with
            {
                Ledger = new FolderLedger(_folder["ledger"]),
            }
        );
        Assert.Equal(2, study.Trials.Count(trial => trial.Outcome == StopReason.Completed));
        Assert.Equal(2, _heard.Count(one => one.Event == TrialEvent.Ended));
    }

    private StudyOptions Options => new() { ParallelTrials = 1, Progress = new Heard(_heard) };

    private static ClaimRequest Request { get; } =
        new()
        {
            Worker = "other",
            Lease = TimeSpan.FromMinutes(1),
            Machine = new WorkerMachine
            {
                Architecture = "X64",
                InstructionSet = "other",
                TorchSharp = "1.0",
                Threads = 1,
            },
        };

    private static StudyTrial Trial() =>
        new()
        {
            Model = TinyModel.Create(),
            Options = new TrainerOptions
            {
                Epochs = 1,
                BatchSize = 32,
                Device = "cpu",
            },
        };

    private sealed class Heard(List<StudyProgress> heard) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value)
        {
            lock (heard)
            {
                heard.Add(value);
            }
        }
    }
}
