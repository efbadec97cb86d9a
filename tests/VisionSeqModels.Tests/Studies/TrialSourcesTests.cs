using VisionSeqModels.Runs;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>How a process gets trials and says what came of them, without training.</summary>
public sealed class TrialSourcesTests : IDisposable
{
    private static readonly WorkerMachine Machine = MadeUpMachine.Any;
    private static readonly StudyFile.Entry[] Entries =
    [
        .. new[] { "a", "b" }.Select((name, i) => new StudyFile.Entry(name, Factors(), 1, $"00{i + 1}_{name}")),
    ];
    private readonly TempFolder _folder = new();
    private readonly ClockedStore _store = new();
    private readonly LogLedger _ledger;
    private readonly List<(string Trial, bool HasHistory, bool Failed)> _ended = [];

    public TrialSourcesTests() => _ledger = new LogLedger(_store);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, false, null, LedgerTrialStatus.Released, null)]
    [InlineData(StopReason.Cancelled, false, null, LedgerTrialStatus.Released, null)]
    [InlineData(StopReason.Completed, false, null, LedgerTrialStatus.Completed, null)]
    [InlineData(StopReason.StoppedEarly, false, null, LedgerTrialStatus.Completed, null)]
    [InlineData(StopReason.NonFinite, false, null, LedgerTrialStatus.Completed, null)]
    [InlineData(null, false, "broken", LedgerTrialStatus.Failed, "broken")]
    [InlineData(null, true, "full", LedgerTrialStatus.Released, "full")]
    [InlineData(StopReason.Completed, true, "full", LedgerTrialStatus.Released, "full")]
    public void EndOfASession_IsSaidToTheLedger(
        StopReason? end,
        bool canTryAgain,
        string? failure,
        LedgerTrialStatus status,
        string? reason
    )
    {
        var claim = _ledger.Claim(["001_a"], Request("w"))!;
        using var session = new TrialSession(new TrialJob(1, Entries[0]), _ledger, claim, "folder");
        Assert.Equal(("folder", claim, null), (session.Folder, session.Claim, session.Lost));
        Assert.Null(session.Watch());
        var history = end is null ? null : History([Epoch.Of(1, "x", 1), Epoch.Of(2, "x", 1)], end.Value);
        session.End(history, failure is null ? null : new InvalidOperationException(failure), canTryAgain);
        var trial = Assert.Single(_ledger.Trials());
        Assert.Equal((status, reason), (trial.Status, trial.Reason));
        Assert.Equal(2, trial.FilesVersion);
        Assert.Equal(end is null ? (0, 0) : (2, 2), (trial.Position!.Epoch, trial.Position.Step));
    }

    [Fact]
    public void EndWithoutFiles_KeepsThoseThatWerePublished()
    {
        var ledger = new FolderLedger(_folder["ledger"]);
        using var failed = new TrialSession(
            new TrialJob(1, Entries[0]),
            ledger,
            ledger.Claim(["001_a"], Request("w"))!,
            "folder"
        );
        failed.End(null, new InvalidOperationException("broken"), canTryAgain: false);
        using var released = new TrialSession(
            new TrialJob(2, Entries[1]),
            ledger,
            ledger.Claim(["002_b"], Request("w"))!,
            "folder"
        );
        released.End(null, null, canTryAgain: false);
        Assert.Equal([0L, 0L], ledger.Trials().Select(trial => trial.FilesVersion));
    }

    [Fact]
    public void OwnTrials_AreGivenInTheirOrder_EachInItsFolder()
    {
        var record = Record();
        var own = new OwnTrials("study", new Jobs(_ended, 0, 1, 1), record, Machine);
        Assert.Equal((false, Timeout.InfiniteTimeSpan), (own.MayGetMore, own.Pause));
        using var first = own.Next()!;
        Assert.Equal(Path.Combine("study", "001_a"), first.Folder);
        own.Keep(first, null, new InvalidOperationException("broken"), canTryAgain: false);
        Assert.Equal(("broken", false), (record.File.Trials[0].Failure, record.File.Trials[0].CanTryAgain));
        own.Ended(first, History([]), failed: true);
        using var second = own.Next()!;
        own.Keep(second, History([], StopReason.Cancelled), null, canTryAgain: false);
        own.Ended(second, null, failed: false);
        Assert.Equal([("a", true, true), ("b", false, false)], _ended);
        using var again = own.Next()!; // it was given back
        Assert.Equal("b", again.Job.Trial.Setting);
        Assert.Null(own.Next());
        var twice = new OwnTrials("study", new Jobs(_ended, 0, 0), Record(), Machine);
        using var once = twice.Next()!;
        Assert.Equal(
            "The trial 'a, seed 1' is under way or over; this is a fault of the schedule.",
            Assert.Throws<InvalidOperationException>(twice.Next).Message
        );
    }

    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(10, 1)]
    [InlineData(20, 2)]
    [InlineData(60, 2)]
    public void Pause_IsATenthOfTheLease_TwoSecondsAtMost(int lease, double pause) =>
        Assert.Equal(pause, Shared(new StudyOptions { Lease = TimeSpan.FromSeconds(lease) }).Pause.TotalSeconds, 1e-6);

    [Fact]
    public void LedgerThatCannotBeReached_IsWaitedFor_AndThenReported()
    {
        var log = new ListLogger();
        var shared = Shared(new StudyOptions { Lease = TimeSpan.FromSeconds(10) }, log: log);
        Assert.False(shared.MayGetMore);
        _store.Fault = new IOException("no server");
        double[] pauses = [2, 4, 8, 16, 32, 32, 32];
        foreach (double pause in pauses)
        {
            Assert.Null(shared.Next());
            Assert.True(shared.MayGetMore);
            Assert.Equal(pause, shared.Pause.TotalSeconds, 1e-6);
        }

        Assert.Equal("no server", Assert.Throws<IOException>(shared.Next).Message);
        Assert.Equal(
            Enumerable.Repeat("The ledger memory cannot be reached, and is tried again: no server", pauses.Length),
            log.Warnings
        );
        _store.Fault = null;
        using var session = shared.Next();
        Assert.NotNull(session);
        Assert.Equal(1, shared.Pause.TotalSeconds, 1e-6);
    }

    [Fact]
    public void WorkerThatIsAskedToStop_DoesNotReportIt()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var shared = Shared(new StudyOptions(), stop.Token);
        _store.Fault = new IOException("no server");
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Null(shared.Next()));
    }

    [Fact]
    public void TrialsOfOthers_AreLeftToThem_UntilTheirLeaseIsOver()
    {
        _ledger.Claim(["001_a"], Request("other"));
        var shared = Shared(new StudyOptions { Worker = "me" });
        using (var session = shared.Next()!)
        {
            Assert.Equal(("b", "me", null), (session.Job.Trial.Setting, session.Claim.Worker, session.Lost));
            Assert.Equal(Path.Combine(_folder.Root, "work", "002_b.000001"), session.Folder);
            Assert.Null(shared.Next());
            Assert.True(shared.MayGetMore);
            Directory.CreateDirectory(session.Folder);
            File.WriteAllText(Path.Combine(session.Folder, "run.json"), "{}");
            shared.Keep(session, History([], StopReason.Completed), null, canTryAgain: false);
        }

        Assert.False(Directory.Exists(_folder["work/002_b.000001"]));
        Assert.Equal("{}", System.Text.Encoding.UTF8.GetString(_ledger.Read("002_b", "run.json")!));
        _store.Now += TimeSpan.FromMinutes(2);
        using var taken = shared.Next()!;
        Assert.Equal(("a", 2), (taken.Job.Trial.Setting, taken.Claim.Token));
    }

    [Fact]
    public void TrialThatAQuickerWorkerTook_MayComeBack()
    {
        var shared = Shared(new StudyOptions(), jobs: [0]);
        _store.Meanwhile = () => new LogLedger(_store).Claim(["001_a"], Request("quick"));
        Assert.Null(shared.Next());
        Assert.True(shared.MayGetMore);
    }

    [Fact]
    public void TrialsThatAQuickerWorkerTook_MayComeBack()
    {
        var shared = Shared(new StudyOptions());
        var quick = new LogLedger(_store);
        _store.Meanwhile = () => Array.ForEach(Entries, trial => quick.Claim([trial.Folder], Request("quick")));
        Assert.Null(shared.Next());
        Assert.True(shared.MayGetMore);
    }

    [Fact]
    public void TrialUnderWayElsewhere_MayComeBack_ThoughOthersAreOver()
    {
        _ledger.Fail(_ledger.Claim(["002_b"], Request("other"))!, "broken", null);
        _ledger.Claim(["001_a"], Request("other"));
        var shared = Shared(new StudyOptions(), jobs: [0]);
        Assert.Null(shared.Next());
        Assert.True(shared.MayGetMore);
    }

    [Fact]
    public void WhoLooksForATrial_NotesWhatTheLedgerHas()
    {
        var record = Record();
        _ledger.Release(_ledger.Claim(["002_b"], Request("other"))!, "no disk", null);
        using var session = Shared(new StudyOptions(), jobs: [0], record: record).Next();
        var trial = record.File.Trials[1];
        Assert.Equal(("no disk", true, "other"), (trial.Failure, trial.CanTryAgain, Assert.Single(trial.Claims!).Worker));
    }

    [Fact]
    public void WhenAllIsOver_ThereIsNoMore()
    {
        var shared = Shared(new StudyOptions(), jobs: [0]);
        using (var session = shared.Next()!)
        {
            shared.Keep(session, null, new InvalidOperationException("broken"), canTryAgain: false);
            shared.Ended(session, null, failed: true);
        }

        Assert.Null(shared.Next());
        Assert.False(shared.MayGetMore);
        Assert.Equal(LedgerTrialStatus.Failed, Assert.Single(_ledger.Trials()).Status);
    }

    [Fact]
    public void TrialWhoseDiskFailedHere_IsLeftToOthers()
    {
        var shared = Shared(new StudyOptions(), jobs: [0]);
        using (var session = shared.Next()!)
        {
            shared.Keep(session, null, new InvalidOperationException("outer", new IOException("full")), canTryAgain: false);
            shared.Ended(session, null, failed: true);
        }

        Assert.Equal(LedgerTrialStatus.Released, Assert.Single(_ledger.Trials()).Status);
        Assert.Null(shared.Next());
        using var other = Shared(new StudyOptions(), jobs: [0]).Next();
        Assert.NotNull(other);
    }

    [Fact]
    public void TrialThatCannotBeBegun_IsGivenBack_AndTheNextIsTaken()
    {
        File.WriteAllText(_folder["state"], "");
        var snapshot = new TrialSnapshot
        {
            Position = new TrialPosition(),
            Epochs = [],
            Files = [new TrialFile("state", _folder["state"])],
        };
        _ledger.Release(_ledger.Claim(["001_a"], Request("other"))!, null, snapshot);
        _store.FetchFault = new IOException("no disk");
        var log = new ListLogger();
        var shared = Shared(new StudyOptions(), log: log);
        using var session = shared.Next()!;
        Assert.Equal("b", session.Job.Trial.Setting);
        var left = _ledger.Trials().Single(trial => trial.Trial == "001_a");
        Assert.Equal((LedgerTrialStatus.Released, "no disk"), (left.Status, left.Reason));
        Assert.Equal("The trial 001_a is left to other workers: no disk", Assert.Single(log.Warnings));
        _store.FetchFault = null;
        Assert.Null(shared.Next()); // by this worker it is not tried again
    }

    [Fact]
    public void TrialThatWasLost_IsNotKept_AndMayBeHadAgain()
    {
        var shared = Shared(new StudyOptions(), jobs: [0]);
        using (var session = (SharedSession)shared.Next()!)
        {
            _store.Now += TimeSpan.FromMinutes(2);
            _ledger.Release(_ledger.Claim(["001_a"], Request("other"))!, null, null);
            session.Publish(new TrialPosition(), History("x", 1));
            Assert.Same(session.Lost, Assert.Throws<StaleClaimException>(() => shared.Keep(session, null, null, false)));
            shared.Ended(session, null, failed: true);
        }

        using var again = shared.Next();
        Assert.NotNull(again);
    }

    [Fact]
    public void RecordThatAnotherChanged_IsReadAgain()
    {
        int asked = 0;
        var shared = Shared(new StudyOptions(), schedule: () => ++asked == 1 ? new Changed() : new Jobs(_ended, 0));
        using var session = shared.Next();
        Assert.Equal((2, "a"), (asked, session?.Job.Trial.Setting));
    }

    [Fact]
    public void OtherMachine_IsPinnedOrRefused()
    {
        _ledger.Release(_ledger.Claim(["001_a"], Request("other") with { Machine = Machine with { Threads = 9 } })!, null, null);
        using var pinned = Shared(new StudyOptions { OnDifferentMachine = MachineDifference.Pin }).Next()!;
        Assert.Equal("b", pinned.Job.Trial.Setting);
        Assert.Throws<InvalidOperationException>(Shared(new StudyOptions { OnDifferentMachine = MachineDifference.Refuse }).Next);
        using var marked = Shared(new StudyOptions()).Next()!;
        Assert.Equal("a", marked.Job.Trial.Setting);
    }

    private SharedTrials Shared(
        StudyOptions options,
        CancellationToken stop = default,
        int[]? jobs = null,
        ListLogger? log = null,
        Func<ITrialSchedule>? schedule = null,
        StudyRecord? record = null
    ) =>
        new(
            _folder.Root,
            options with
            {
                Ledger = _ledger,
            },
            new LedgerRecords(_ledger, _folder.Root),
            record ?? Record(),
            Machine,
            schedule ?? (() => new Jobs(_ended, jobs ?? [0, 1])),
            log ?? new ListLogger(),
            stop
        );

    private StudyRecord Record() =>
        StudyRecord.Begin(
            _folder.Root,
            TheStudy with
            {
                Trials = Entries,
            },
            TheStudy with
            {
                Trials = Entries,
            },
            new Store(),
            new None()
        );

    private static ClaimRequest Request(string worker) =>
        new()
        {
            Worker = worker,
            Lease = TimeSpan.FromMinutes(1),
            Machine = Machine,
        };

    private sealed class Jobs(List<(string, bool, bool)> ended, params int[] order) : ITrialSchedule
    {
        private readonly Queue<TrialJob> _jobs = new(order.Select(i => new TrialJob(i + 1, Entries[i])));

        public TrialJob? Next() => _jobs.TryDequeue(out var job) ? job : null;

        public void Ended(TrialJob job, TrainingHistory? history, bool failed) =>
            ended.Add((job.Trial.Setting, history is not null, failed));
    }

    private sealed class Changed : ITrialSchedule
    {
        public TrialJob? Next() => throw new RecordChangedException();

        public void Ended(TrialJob job, TrainingHistory? history, bool failed) { }
    }

    private sealed class Store : IRecordStore
    {
        public StudyFile? Find() => null;

        public bool TryWrite(StudyFile file) => true;
    }

    private sealed class None : ITrialRecords
    {
        public (RunRecord? Record, string? Problem) Read(StudyFile.Entry trial) => (null, null);

        public bool HasState(StudyFile.Entry trial) => false;

        public System.Text.Json.Nodes.JsonObject? Setup(StudyFile.Entry trial, RunRecord? record) => null;
    }
}
