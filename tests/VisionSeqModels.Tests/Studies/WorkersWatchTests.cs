using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a listener hears of other workers, one look after another.</summary>
public sealed class WorkersWatchTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ClockedStore _store = new();
    private readonly LogLedger _ledger;
    private readonly List<StudyProgress> _heard = [];

    public WorkersWatchTests() => _ledger = new LogLedger(_store);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Trial_IsHeardOf_FromItsClaimToItsEnd()
    {
        using var watch = Watch();
        Assert.Empty(Look(watch));
        var claim = Claim("001_a", "other");
        var started = Assert.Single(Look(watch));
        Assert.Equal(
            (TrialEvent.Started, 1, "other", "a", 0),
            (started.Event, started.Trial, started.Worker, started.Setting, started.Epoch)
        );
        Assert.Empty(Look(watch));
        _ledger.Renew(
            claim,
            new TrialPosition
            {
                Epoch = 2,
                Epochs = 9,
                EpochFraction = 0.5,
                Step = 3,
            }
        );
        var training = Assert.Single(Look(watch));
        Assert.Equal((TrialEvent.Training, 2, 9, 0.5), (training.Event, training.Epoch, training.Epochs, training.EpochFraction));
        Assert.Empty(Look(watch));
        _ledger.Release(claim, "why", null);
        var paused = Assert.Single(Look(watch));
        Assert.Equal((TrialEvent.Paused, "why"), (paused.Event, paused.Reason));
        Assert.Empty(Look(watch));
        claim = Claim("001_a", "third");
        Assert.Equal((TrialEvent.Started, "third"), (Assert.Single(Look(watch)).Event, _heard[^1].Worker));
        _ledger.Fail(claim, "broken", null);
        var ended = Assert.Single(Look(watch));
        Assert.Equal((TrialEvent.Ended, StopReason.Failed, "broken"), (ended.Event, ended.Outcome, ended.Reason));
        Assert.Null(ended.Record);
        Assert.Empty(Look(watch));
    }

    [Fact]
    public void ClaimThatWasTakenOver_IsABeginning()
    {
        using var watch = Watch();
        Claim("001_a", "other");
        Look(watch);
        _store.Now += TimeSpan.FromMinutes(2);
        Claim("001_a", "third");
        Assert.Equal(TrialEvent.Started, Assert.Single(Look(watch)).Event);
    }

    [Fact]
    public void OwnTrials_AndThoseOfNoPlan_AreNotHeardOf()
    {
        using var watch = Watch();
        Claim("001_a", "me");
        Claim("009_z", "other");
        Assert.Empty(Look(watch));
    }

    [Fact]
    public void TrialThatWasGivenBackBeforeItWasSeen_IsNotHeardOf()
    {
        using var watch = Watch();
        _ledger.Release(Claim("001_a", "other"), null, null);
        Assert.Empty(Look(watch));
    }

    [Fact]
    public void TrialThatWasOverAtTheBeginning_IsNotHeardOf_OneThatEndsUnseenIs()
    {
        Complete(Claim("001_a", "other"));
        using var watch = Watch();
        Assert.Empty(_heard);
        Assert.Empty(Look(watch));
        Complete(Claim("002_b", "other"));
        var ended = Assert.Single(Look(watch));
        Assert.Equal((TrialEvent.Ended, 2, StopReason.Completed, null), (ended.Event, ended.Trial, ended.Outcome, ended.Reason));
    }

    [Fact]
    public void EndOfATrial_IsWhatItsRecordSays()
    {
        using var watch = Watch();
        Complete(Claim("001_a", "other"), Run());
        var ended = Assert.Single(Look(watch));
        Assert.Equal((StopReason.NonFinite, "the loss became NaN", 2), (ended.Outcome, ended.Reason, ended.Record!.Epoch));
    }

    [Fact]
    public void ReasonOfAFailure_IsTheLedgers_BeforeTheRecords()
    {
        using var watch = Watch();
        _ledger.Fail(Claim("001_a", "other"), "broken", Snapshot(Run()));
        var ended = Assert.Single(Look(watch));
        Assert.Equal((StopReason.Failed, "broken", 2), (ended.Outcome, ended.Reason, ended.Record!.Epoch));
    }

    /// <summary>The ledger fails between the list of trials and the record of one.</summary>
    [Fact]
    public void EndThatCannotBeRead_IsHeardOfAtTheNextLook()
    {
        using var watch = Watch();
        Complete(Claim("001_a", "other"), Run());
        _store.BeforeRead = () => throw new IOException("no server");
        Assert.Equal("no server", Assert.Throws<IOException>(watch.Close).Message);
        Assert.Empty(_heard);
        Assert.Equal(StopReason.NonFinite, Assert.Single(Look(watch)).Outcome);
        Assert.Empty(Look(watch));
    }

    /// <summary>The record of a run, as a file of its trial.</summary>
    private TrialFile Run()
    {
        var record = MadeUpTrials.RunOf() with
        {
            Status = StopReason.NonFinite,
            StopMessage = "the loss became NaN",
            Epochs = [Epoch.Of(1, "x", 1), Epoch.Of(2, "x", 2), Epoch.Of(3, "x", 3) with { IsPartial = true }],
        };
        record.Write(_folder["run.json"]);
        return new TrialFile("run.json", _folder["run.json"]);
    }

    private IReadOnlyList<StudyProgress> Look(WorkersWatch watch)
    {
        int before = _heard.Count;
        watch.Close();
        return _heard[before..];
    }

    private StudyClaim Claim(string trial, string worker) =>
        _ledger.Claim(
            [trial],
            new ClaimRequest
            {
                Worker = worker,
                Lease = TimeSpan.FromMinutes(1),
                Machine = MadeUpMachine.Any,
            }
        )!;

    private void Complete(StudyClaim claim, params TrialFile[] files) => _ledger.Complete(claim, Snapshot(files));

    private static TrialSnapshot Snapshot(params TrialFile[] files) =>
        new()
        {
            Position = new TrialPosition(),
            Epochs = [],
            Files = files,
        };

    private WorkersWatch Watch()
    {
        var records = new LedgerRecords(_ledger, _folder.Root);
        records.Refresh();
        var watch = new WorkersWatch(
            new StudyOptions
            {
                Ledger = _ledger,
                Worker = "me",
                Progress = new Listener(_heard.Add),
            },
            records,
            trial => trial is "001_a" or "002_b" ? About(trial) : null
        );
        watch.Close(); // its thread looks no more by itself
        return watch;
    }

    internal static StudyProgress About(string trial) =>
        new()
        {
            Event = TrialEvent.Started,
            Trial = trial[2] - '0',
            TrialCount = 2,
            Setting = trial[4..],
            Seed = 1,
        };
}
