using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>Studies over a ledger, with workers in this process: each has its own ledger object and its own folder.</summary>
[Collection("Torch")]
public sealed class SharedStudyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TwoWorkersAtOnce_GiveTheBitsOfOneProcess_AndEachHasTheWholeStudy()
    {
        LedgerStudy.Run(_folder["alone"], LedgerStudy.Alone);
        var heard = new ConcurrentQueue<StudyProgress>();
        var studies = new Study[2];
        using var meeting = new Barrier(2);
        Thread[] workers =
        [
            .. Enumerable
                .Range(0, 2)
                .Select(i => new Thread(() =>
                {
                    meeting.SignalAndWait();
                    studies[i] = LedgerStudy.Run(
                        _folder[$"worker{i}"],
                        Shared($"w{i}") with
                        {
                            Progress = i == 0 ? new Listener(heard.Enqueue) : null,
                        },
                        pause: 20
                    );
                })),
        ];
        Array.ForEach(workers, thread => thread.Start());
        Array.ForEach(workers, thread => thread.Join());

        var whole = LedgerStudy.Hashes(_folder["alone"]);
        Assert.NotEmpty(whole);
        Assert.All(studies, study => Assert.Equal(LedgerStudy.Trials, study.Trials.Count(Completed)));
        Assert.Equal(whole, LedgerStudy.Hashes(_folder["worker0"]));
        Assert.Equal(whole, LedgerStudy.Hashes(_folder["worker1"]));
        var logs = LogCheck.Logs(_folder["ledger"]);
        Assert.Equal(LedgerStudy.Trials, logs.Count);
        Assert.All(logs.Values, log => Assert.Equal(1, LogCheck.Count(log, "completed")));
        Assert.Equal(["w0", "w1"], logs.Values.Select(log => (string)JsonNode.Parse(log[^1])!["worker"]!).Distinct().Order());
        Assert.Equal(LedgerStudy.Trials, heard.Where(report => report.Event == TrialEvent.Ended).DistinctBy(Number).Count());
        Assert.Contains(heard, report => report is { Event: TrialEvent.Ended, Worker: "w1", Outcome: StopReason.Completed });
        Assert.False(Directory.Exists(_folder["worker0/work"]));
    }

    [Fact]
    public void CancelledWorker_PublishesAndReleases_AndAnotherResumesToTheSameBits()
    {
        LedgerStudy.Run(_folder["alone"], LedgerStudy.Alone);
        using var stop = new CancellationTokenSource();
        var first = LedgerStudy.Run(
            _folder["first"],
            Shared("first") with
            {
                Progress = new Listener(report =>
                {
                    if (report is { Trial: 2, Event: TrialEvent.EpochEnd })
                    {
                        stop.Cancel();
                    }
                }),
            },
            cancellationToken: stop.Token
        );
        Assert.Equal((1, 1), (first.Trials.Count(Completed), first.Trials.Count(trial => trial.Outcome == StopReason.Cancelled)));
        var released = new FolderLedger(_folder["ledger"]).Trials().Single(trial => trial.Status != LedgerTrialStatus.Completed);
        Assert.Equal((LedgerTrialStatus.Released, 1), (released.Status, released.Position!.Epoch));

        var second = LedgerStudy.Run(_folder["second"], Shared("second"));
        Assert.Equal(LedgerStudy.Trials, second.Trials.Count(Completed));
        Assert.Equal(LedgerStudy.Hashes(_folder["alone"]), LedgerStudy.Hashes(_folder["second"]));
        Assert.Single(second.Trials, trial => trial.History!.Resumes.Count == 1);
    }

    [Fact]
    public void WorkersWithOneFolderInCommon_LeaveAWholeStudyThere()
    {
        LedgerStudy.Run(_folder["alone"], LedgerStudy.Alone);
        Thread[] workers =
        [
            .. Enumerable.Range(0, 2).Select(i => new Thread(() => LedgerStudy.Run(_folder["study"], Shared($"w{i}"), pause: 5))),
        ];
        Array.ForEach(workers, thread => thread.Start());
        Array.ForEach(workers, thread => thread.Join());
        Assert.Equal(LedgerStudy.Hashes(_folder["alone"]), LedgerStudy.Hashes(_folder["study"]));
        Assert.Equal(LedgerStudy.Trials, Study.Open(_folder["study"]).Trials.Count(Completed));
    }

    [Fact]
    public void StudyOfOneProcess_IsContinuedOverALedger_AndTheOtherWayRound()
    {
        LedgerStudy.Run(_folder["alone"], LedgerStudy.Alone);
        using var stop = new CancellationTokenSource();
        var one = LedgerStudy.Alone with { Progress = new Listener(report => StopAt(report, 2, stop)) };
        LedgerStudy.Run(_folder["study"], one, cancellationToken: stop.Token);
        using var second = new CancellationTokenSource();
        var shared = Shared("w") with { Progress = new Listener(report => StopAt(report, 4, second)) };
        LedgerStudy.Run(_folder["study"], shared, cancellationToken: second.Token);
        LedgerStudy.Run(_folder["study"], LedgerStudy.Alone);
        Assert.Equal(LedgerStudy.Hashes(_folder["alone"]), LedgerStudy.Hashes(_folder["study"]));
    }

    [Fact]
    public void Report_IsWrittenFromTheLedger_WhileTrialsAreUnderWay()
    {
        using var stop = new CancellationTokenSource();
        LedgerStudy.Run(
            _folder["worker"],
            Shared("w") with
            {
                Progress = new Listener(report => StopAt(report, 3, stop)),
            },
            cancellationToken: stop.Token
        );
        var study = Study.Open(new FolderLedger(_folder["ledger"]), _folder["desk"]);
        Assert.Equal(2, study.Trials.Count(Completed));
        Assert.Equal(1, study.Trials[2].Final?.Epoch);
        Assert.Single(study.Trials[0].Machines);
        study.WriteReport();
        Assert.True(File.Exists(_folder["desk/report.html"]));
        Assert.True(File.Exists(_folder["desk/001_base_seed1/checkpoints/last.safetensors"]));
        Assert.Throws<FileNotFoundException>(() => Study.Open(new FolderLedger(_folder["empty"]), _folder["desk"]));
    }

    [Fact]
    public void TrialThatFails_IsARowOfEveryWorker_AndIsNotTriedAgain()
    {
        int tried = 0;
        Study Run(string worker) =>
            TinyRun(
                _folder[worker],
                Shared(worker),
                rate => rate == 0.1 ? throw new InvalidOperationException($"broken {++tried}") : []
            );
        Run("first");
        var second = Run("second");
        Assert.Equal([StopReason.Failed, StopReason.Completed], second.Trials.Select(trial => trial.Outcome));
        Assert.StartsWith("broken", second.Trials[0].Reason, StringComparison.Ordinal);
        Assert.Single(new FolderLedger(_folder["ledger"]).Trials(), trial => trial.Status == LedgerTrialStatus.Failed);
    }

    [Fact]
    public void FaultOfTheDisk_LeavesTheTrialToAnother()
    {
        bool isFull = true;
        Study Run(string worker) =>
            TinyRun(
                _folder[worker],
                Shared(worker),
                rate =>
                    [
                        new TracingCallback([])
                        {
                            At = "StepEnd 5",
                            Act = context =>
                                _ = isFull && rate == 0.1 ? throw new IOException("No space left on device") : context,
                        },
                    ]
            );
        var first = Run("first");
        Assert.Equal([StopReason.Failed, StopReason.Completed], first.Trials.Select(trial => trial.Outcome));
        Assert.Contains("No space left on device", first.Trials[0].Reason, StringComparison.Ordinal);
        isFull = false;
        Assert.All(Run("second").Trials, trial => Assert.Equal((StopReason.Completed, null), (trial.Outcome, trial.Reason)));
    }

    /// <summary>The trial's worker loses its claim in the middle of an epoch; it says so and takes the others.</summary>
    [Fact]
    public void LateWorker_DropsTheTrial_SaysSo_AndGoesOn()
    {
        LedgerStudy.Run(_folder["alone"], LedgerStudy.Alone);
        var other = new FolderLedger(_folder["ledger"]);
        StudyClaim? taken = null;
        var heard = new List<StudyProgress>();
        using var stop = new CancellationTokenSource();
        void Hear(StudyProgress report)
        {
            heard.Add(report);
            if (taken is null && report is { Trial: 2, Event: TrialEvent.EpochEnd, Worker: null })
            {
                string log = Directory.EnumerateDirectories(_folder["ledger/trials"], "002_*").Single();
                foreach (string path in Directory.EnumerateFiles(log, "*.json", SearchOption.AllDirectories))
                {
                    File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path) - TimeSpan.FromDays(1));
                }

                taken = other.Claim([Path.GetFileName(log)], Request);
            }

            if (report is { Trial: 6, Event: TrialEvent.Ended, Worker: null })
            {
                other.Release(taken!, null, null);
            }
        }

        var study = LedgerStudy.Run(_folder["study"], Shared("w") with { Progress = new Listener(Hear) });
        Assert.NotNull(taken);
        var lost = Assert.Single(heard, report => report.Event == TrialEvent.Lost);
        Assert.Equal((2, "thief"), (lost.Trial, lost.Worker));
        Assert.Contains("but the trial's newest claim has the token", lost.Reason, StringComparison.Ordinal);
        Assert.Equal(LedgerStudy.Trials, study.Trials.Count(Completed));
        Assert.Equal(LedgerStudy.Hashes(_folder["alone"]), LedgerStudy.Hashes(_folder["study"]));
    }

    /// <summary>A trial that hangs: its process lives, and would renew the lease for ever.</summary>
    [Fact]
    public void HungTrial_IsResumedByAnotherWorker_ToTheSameBits()
    {
        LedgerStudy.Run(_folder["alone"], LedgerStudy.Alone);
        using var hangs = new ManualResetEventSlim();
        using var wakesUp = new ManualResetEventSlim();
        var heard = new ConcurrentQueue<StudyProgress>();
        var impatient = Shared("hung") with { Lease = TimeSpan.FromSeconds(1), MaximumSilence = TimeSpan.FromSeconds(1) };
        var hung = new Thread(() =>
            LedgerStudy.Run(
                _folder["hung"],
                impatient with
                {
                    Progress = new Listener(report =>
                    {
                        heard.Enqueue(report);
                        if (report is { Trial: 1, Event: TrialEvent.EpochEnd, Worker: null })
                        {
                            hangs.Set();
                            wakesUp.Wait();
                        }
                    }),
                }
            )
        );
        hung.Start();
        hangs.Wait();
        var study = LedgerStudy.Run(_folder["other"], impatient with { Worker = "other" });
        wakesUp.Set();
        hung.Join();
        Assert.Equal(LedgerStudy.Trials, study.Trials.Count(Completed));
        Assert.Equal(LedgerStudy.Hashes(_folder["alone"]), LedgerStudy.Hashes(_folder["other"]));
        Assert.Equal(LedgerStudy.Hashes(_folder["alone"]), LedgerStudy.Hashes(_folder["hung"]));
        Assert.Contains(heard, report => report is { Trial: 1, Event: TrialEvent.Lost, Worker: "other" });
    }

    [Theory]
    [InlineData(MachineDifference.Mark, 2)]
    [InlineData(MachineDifference.Pin, 1)]
    public void TrialOfAnotherMachine_IsMarkedOrLeftToItsLike(MachineDifference rule, int completed)
    {
        var other = new FolderLedger(_folder["ledger"]);
        other.Release(other.Claim(["001_a_seed1"], Request)!, null, null);
        var study = TinyRun(_folder["study"], Shared("w") with { OnDifferentMachine = rule }, _ => []);
        Assert.Equal(completed, study.Trials.Count(Completed));
        Assert.Equal(rule == MachineDifference.Mark ? 2 : 1, study.Trials[0].Machines.Count);
    }

    [Fact]
    public void TrialOfAnotherMachine_IsRefusedByAWord()
    {
        var other = new FolderLedger(_folder["ledger"]);
        other.Release(other.Claim(["001_a_seed1"], Request)!, null, null);
        var error = Assert.Throws<InvalidOperationException>(() =>
            TinyRun(_folder["study"], Shared("w") with { OnDifferentMachine = MachineDifference.Refuse }, _ => [])
        );
        Assert.Contains("was run on Other with none, TorchSharp 0, 1 threads, but this", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_AreTheWholeStudyTogether()
    {
        string[] done =
        [
            .. Enumerable
                .Range(0, 3)
                .SelectMany(i =>
                    LedgerStudy
                        .Run(_folder[$"part{i}"], LedgerStudy.Alone with { Shard = new StudyShard(i, 3) })
                        .Trials.Where(Completed)
                        .Select(trial => trial.Folder)
                ),
        ];
        Assert.Equal(LedgerStudy.Trials, done.Distinct().Count());
        Assert.Equal(LedgerStudy.Trials, done.Length);
    }

    [Theory]
    [InlineData("3", "0", "1", "8", 3, 8)]
    [InlineData("1", "1", null, "4", 0, 4)]
    [InlineData("20", "10", "5", "3", 2, 3)]
    public void Shard_OfASlurmArray_IsTheTasksPlaceInIt(string id, string min, string? step, string count, int index, int of)
    {
        var variables = new Dictionary<string, string?>
        {
            ["SLURM_ARRAY_TASK_ID"] = id,
            ["SLURM_ARRAY_TASK_MIN"] = min,
            ["SLURM_ARRAY_TASK_STEP"] = step,
            ["SLURM_ARRAY_TASK_COUNT"] = count,
        };
        Assert.Equal(new StudyShard(index, of), StudyShard.FromSlurm(name => variables.GetValueOrDefault(name)));
        Assert.Null(StudyShard.FromSlurm(_ => null));
    }

    private static ClaimRequest Request { get; } =
        new()
        {
            Worker = "thief",
            Lease = TimeSpan.FromHours(1),
            Machine = new WorkerMachine
            {
                Architecture = "Other",
                InstructionSet = "none",
                TorchSharp = "0",
                Threads = 1,
            },
        };

    private StudyOptions Shared(string worker) =>
        LedgerStudy.Alone with
        {
            Ledger = new FolderLedger(_folder["ledger"]),
            Worker = worker,
            Lease = TimeSpan.FromSeconds(20),
        };

    private static Study TinyRun(string folder, StudyOptions options, Func<double, IReadOnlyList<Callback>> callbacks)
    {
        using var data = new TinyData(64);
        return Study.Run(
            folder,
            StudyPlan.List(("a", 0.1), ("b", 0.2)),
            (rate, _) =>
                new StudyTrial
                {
                    Model = TinyModel.Create(),
                    Options = new TrainerOptions
                    {
                        Epochs = 3,
                        BatchSize = 16,
                        Device = "cpu",
                        Optimizer = new SgdOptions { LearningRate = rate },
                    },
                    Callbacks = callbacks(rate),
                },
            new FitData { Train = data, Test = data },
            options with
            {
                Seeds = [1],
            }
        );
    }

    private static bool Completed(TrialResult trial) => trial.Outcome == StopReason.Completed;

    private static int Number(StudyProgress report) => report.Trial;

    private static void StopAt(StudyProgress report, int trial, CancellationTokenSource stop)
    {
        if (report is { Event: TrialEvent.EpochEnd, Worker: null } && report.Trial == trial)
        {
            stop.Cancel();
        }
    }
}
