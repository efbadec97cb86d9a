using System.Text;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A ledger of logs, step by step on a clock that stands still until a test moves it.</summary>
public sealed class LogLedgerTests
{
    private const string Trial = "001_x";
    private readonly ClockedStore _store = new();
    private readonly LogLedger _ledger;

    public LogLedgerTests() => _ledger = new LogLedger(_store);

    [Fact]
    public void Record_HasTheNumberOfItsEntry()
    {
        Assert.Null(_ledger.ReadRecord());
        Assert.False(_ledger.TryWriteRecord("late", 1));
        Assert.True(_ledger.TryWriteRecord("first", 0));
        Assert.False(_ledger.TryWriteRecord("late", 0));
        Assert.True(_ledger.TryWriteRecord("second", 1));
        Assert.Equal(new LedgerRecord(2, "second"), _ledger.ReadRecord());
        Assert.Equal("memory", _ledger.Name);
        Assert.Empty(_ledger.Trials());
    }

    [Fact]
    public void VersionThatNoLogHas_IsNeverWritten()
    {
        Assert.Throws<OverflowException>(() => _ledger.TryWriteRecord("{}", 1L << 32));
        Assert.Throws<OverflowException>(() => _ledger.TryWriteRecord("{}", int.MaxValue));
        Assert.Null(_ledger.ReadRecord());
    }

    /// <summary>Its only writer was too late, or was killed when it had made the log's folder.</summary>
    [Fact]
    public void LogWithoutAnEntry_IsOfNoTrial()
    {
        var store = new MemoryStore();
        store.TryAppend($"trials/{Trial}", 2, "late", []);
        Assert.Equal([$"trials/{Trial}"], store.Logs("trials/"));
        Assert.Empty(new LogLedger(store).Trials());
    }

    [Fact]
    public void NextClaim_BeginsWhereTheTrialIs()
    {
        var claim = Claim("a")!;
        var position = new TrialPosition { Epoch = 1, Epochs = 9 };
        _ledger.Publish(claim, Snapshot(0) with { Position = position });
        _ledger.Release(claim, null, null);
        Claim("b");
        Assert.Equal(position, Now.Position);
    }

    [Fact]
    public void StateWithoutASnapshot_IsRefused()
    {
        var claim = Claim("a")!;
        Assert.Throws<ArgumentNullException>(() => _ledger.Publish(claim, null!));
        Assert.Throws<ArgumentNullException>(() => _ledger.Complete(claim, null!));
        Assert.Equal((LedgerTrialStatus.Claimed, 1), (Now.Status, Now.Version));
    }

    [Fact]
    public void Claim_BeginsALease_ThatIsOverWhenItHasPassed()
    {
        var claim = Claim("a")!;
        Assert.Equal((Trial, 1, "a", false), (claim.Trial, claim.Token, claim.Worker, claim.HasState));
        _store.Now += TimeSpan.FromSeconds(60);
        Assert.Null(Claim("b"));
        Assert.False(Now.IsLeaseOver);
        _store.Now += TimeSpan.FromSeconds(0.001);
        Assert.True(Now.IsLeaseOver);
        var next = Claim("b")!;
        Assert.Equal(2, next.Token);
        Assert.Equal((LedgerTrialStatus.Claimed, "b", 2, 1, 2), (Now.Status, Now.Worker, Now.Token, Now.LostClaims, Now.Version));
        Assert.False(Now.IsLeaseOver);
    }

    [Fact]
    public void Renewal_BeginsTheLeaseAgain_AndSaysHowFarTheTrialIs()
    {
        var claim = Claim("a")!;
        Assert.Equal(new TrialPosition(), Now.Position);
        _store.Now += TimeSpan.FromSeconds(50);
        var position = new TrialPosition
        {
            Epoch = 2,
            Epochs = 9,
            EpochFraction = 0.5,
            Step = 7,
        };
        _ledger.Renew(claim, position);
        Assert.Equal(position, Now.Position);
        _store.Now += TimeSpan.FromSeconds(50);
        Assert.False(Now.IsLeaseOver);
        Assert.Equal(1, Now.Version); // a sign of life is no entry
        Assert.Throws<ArgumentNullException>(() => _ledger.Renew(claim, null!));
        Assert.Throws<ArgumentNullException>(() => _ledger.Renew(null!, position));
    }

    [Fact]
    public void NewestPosition_IsTheOneOfMoreSteps()
    {
        var claim = Claim("a")!;
        _ledger.Renew(claim, new TrialPosition { Step = 9 });
        _ledger.Publish(claim, Snapshot(10));
        Assert.Equal(10, Now.Position!.Step);
        _ledger.Renew(claim, new TrialPosition { Step = 10, Epoch = 5 });
        Assert.Equal(5, Now.Position!.Epoch);
        _store.Beat($"trials/{Trial}", 1, "{"); // half written
        Assert.Equal((10, 0), (Now.Position!.Step, Now.Position.Epoch));
        _store.Beat($"trials/{Trial}", 1, "");
        Assert.Equal(10, Now.Position!.Step);
        _ledger.Release(claim, null, null);
        _store.Beat($"trials/{Trial}", 1, """{ "step": 99 }"""); // of a claim that has ended
        Assert.Equal(10, Now.Position!.Step);
    }

    [Fact]
    public void Files_AreTheNewest_AndOlderOnesAreDropped()
    {
        Assert.Null(_ledger.Read(Trial, "run.json"));
        Assert.False(_ledger.Fetch(Trial, "nowhere"));
        var claim = Claim("a")!;
        _ledger.Publish(claim, Snapshot(1, ("run.json", "one"), ("state", "s")));
        Assert.Empty(_store.Forgotten);
        Assert.Equal((2, 2), (Now.FilesVersion, Now.Version));
        _ledger.Publish(claim, Snapshot(2, ("run.json", "two")));
        Assert.Equal([$"trials/{Trial} 2"], _store.Forgotten);
        Assert.Equal("two", Text("run.json"));
        Assert.Null(Text("state"));
        _ledger.Release(claim, "why", null);
        Assert.Equal((LedgerTrialStatus.Released, "why", 3, 4), (Now.Status, Now.Reason, Now.FilesVersion, Now.Version));
        Assert.Single(_store.Forgotten);
        var next = Claim("b")!;
        Assert.True(next.HasState);
        Assert.Null(Now.Reason);
        using var folder = new TempFolder();
        Assert.True(_ledger.Fetch(Trial, folder["trial"]));
        Assert.Equal("two", File.ReadAllText(folder["trial/run.json"]));
        _ledger.Fail(next, "broken", null);
        Assert.Equal((LedgerTrialStatus.Failed, "broken"), (Now.Status, Now.Reason));
        Assert.Equal("two", Text("run.json"));
        Assert.Null(Claim("c"));
    }

    /// <summary>Another worker publishes between this one's looking for files and its reading.</summary>
    [Fact]
    public void FilesThatAreReplacedMeanwhile_AreReadAgain()
    {
        var other = new LogLedger(_store);
        var claim = Claim("a")!;
        _ledger.Publish(claim, Snapshot(1, ("run.json", "one")));
        _store.BeforeRead = () => other.Publish(claim, Snapshot(2, ("run.json", "two")));
        Assert.Equal("two", Text("run.json"));
        _store.BeforeRead = () => other.Publish(claim, Snapshot(3, ("other", "three")));
        Assert.Null(Text("run.json"));
        using var folder = new TempFolder();
        _store.BeforeRead = () => other.Publish(claim, Snapshot(4, ("run.json", "four")));
        (_store.FetchFault, _store.KeepsFetchFault) = (new IOException("vanished"), false);
        Assert.True(_ledger.Fetch(Trial, folder["trial"]));
        Assert.Equal("four", File.ReadAllText(folder["trial/run.json"]));
        _store.FetchFault = new IOException("no disk");
        Assert.Equal("no disk", Assert.Throws<IOException>(() => _ledger.Fetch(Trial, folder["trial"])).Message);
    }

    [Fact]
    public void CompletedTrial_IsNeverClaimedAgain_NorReadAgain()
    {
        _ledger.Complete(Claim("a")!, Snapshot(3, ("run.json", "one")));
        Assert.Equal(LedgerTrialStatus.Completed, Now.Status);
        int reads = _store.Reads;
        Assert.Null(Claim("b"));
        Assert.Equal("one", Text("run.json"));
        Assert.Equal(reads, _store.Reads);
        Assert.Equal(2, new LogLedger(_store).Trials()[0].Version);
        Assert.Equal(reads + 2, _store.Reads);
    }

    [Fact]
    public void ClaimOfAnother_IsStale()
    {
        var late = Claim("a")!;
        _store.Now += TimeSpan.FromMinutes(2);
        var next = Claim("b")!;
        Action[] writes =
        [
            () => _ledger.Renew(late, new TrialPosition()),
            () => _ledger.Publish(late, Snapshot(1)),
            () => _ledger.Complete(late, Snapshot(1)),
            () => _ledger.Fail(late, "late", null),
            () => _ledger.Release(late, null, null),
        ];
        Assert.All(writes, write => Assert.Equal(2, Assert.Throws<StaleClaimException>(write).Newest.Token));
        Assert.Equal(
            "The claim of 'a' on the trial '001_x' has the token 1, but the trial's newest claim has the token 2, of the worker "
                + "'b'. The worker gave no sign of life for longer than its lease, so its work since the last published state is "
                + "dropped; it continues with the next trial.",
            Assert.Throws<StaleClaimException>(writes[0]).Message
        );
        _ledger.Complete(next, Snapshot(1));
        Assert.Contains(
            "'001_x' has the token 2, but the trial's newest claim is over. The worker",
            Assert.Throws<StaleClaimException>(() => _ledger.Complete(next, Snapshot(1))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void StaleClaim_NeedsBoth()
    {
        var claim = Claim("a")!;
        Assert.Throws<ArgumentNullException>(() => new StaleClaimException(null!, Now));
        Assert.Throws<ArgumentNullException>(() => new StaleClaimException(claim, null!));
    }

    /// <summary>Another worker appends between this one's reading and its writing.</summary>
    [Fact]
    public void SlowWriter_LosesTheNumber()
    {
        var other = new LogLedger(_store);
        _store.Meanwhile = () => other.Claim([Trial], Request("quick"));
        Assert.Null(Claim("slow"));
        Assert.Equal("quick", Now.Worker);
        _store.Now += TimeSpan.FromMinutes(2);
        var claim = Claim("a")!;
        _store.Now += TimeSpan.FromMinutes(2);
        _store.Meanwhile = () => other.Claim([Trial], Request("b"));
        Assert.Equal("b", Assert.Throws<StaleClaimException>(() => _ledger.Publish(claim, Snapshot(1))).Newest.Worker);
        _store.Meanwhile = () => other.Claim(["002_y"], Request("b"));
        Assert.Equal("003_z", _ledger.Claim(["002_y", "003_z"], Request("a"))?.Trial);
    }

    [Fact]
    public void TrialLostTooOften_Fails_AndTheNextIsTaken()
    {
        for (int i = 1; i <= 3; i++)
        {
            Assert.Equal(i, Claim($"w{i}")!.Token);
            _store.Now += TimeSpan.FromMinutes(2);
        }

        Assert.Equal("002_y", _ledger.Claim([Trial, "002_y"], Request("w4"))?.Trial);
        Assert.Equal((LedgerTrialStatus.Failed, 5), (Now.Status, Now.Version));
        Assert.Equal(ClaimRequest.ReasonOfLostClaims(3, 0, "w3"), Now.Reason);
    }

    [Fact]
    public void TrialLostOnceTooOften_MayBeEnough()
    {
        var first = Claim("w1")!;
        _ledger.Publish(first, Snapshot(30) with { Position = new TrialPosition { Epoch = 4 } });
        _store.Now += TimeSpan.FromMinutes(2);
        Assert.Null(_ledger.Claim([Trial], Request("w2") with { MostLostClaims = 1 }));
        Assert.Equal(ClaimRequest.ReasonOfLostClaims(1, 4, "w1"), Now.Reason);
    }

    [Fact]
    public void Reason_SaysHowFarTheTrialWas()
    {
        Assert.Equal(
            "3 workers were lost with this trial before its first epoch was done, the last 'w', with no state published between "
                + "them. A trial that ends its process, or hangs, is not tried again.",
            ClaimRequest.ReasonOfLostClaims(3, 0, "w")
        );
        Assert.StartsWith(
            "3 workers were lost with this trial in epoch 1, ",
            ClaimRequest.ReasonOfLostClaims(3, 1, "w"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Claims_KeepWhoOnWhatWhenAndHowFar()
    {
        _ledger.Release(_ledger.Claim([Trial], Request("a") with { UntilEpoch = 3 })!, null, null);
        _store.Now += TimeSpan.FromHours(1);
        Claim("b");
        Assert.Equal(
            [("a", 1, 0, 3), ("b", 3, 1, (int?)null)],
            Now.Claims.Select(claim => (claim.Worker, claim.Token, claim.Time.Hour, claim.UntilEpoch))
        );
        Assert.Equal([Request("a").Machine], Now.Machines);
    }

    [Fact]
    public void EntryThatCannotBeRead_IsNamed()
    {
        Assert.Throws<ArgumentNullException>(() => _ledger.Claim(null!, Request("a")));
        Assert.Throws<ArgumentNullException>(() => _ledger.Claim([Trial], null!));
        _store.TryAppend($"trials/{Trial}", 1, "{", []);
        Assert.StartsWith(
            "The log of the trial '001_x' in memory cannot be read: ",
            Assert.Throws<InvalidDataException>(() => _ledger.Trials()).Message,
            StringComparison.Ordinal
        );
        string other =
            """{ "format": 2, "kind": "claimed", "token": 1, "worker": "a", "nonce": "", "written": "2026-01-01T00:00:00Z" }""";
        _store.TryAppend("trials/002_y", 1, other, []);
        Assert.Equal(
            "The log of the trial '002_y' in memory cannot be read: its format is 2, not 1.",
            Assert.Throws<InvalidDataException>(() => _ledger.Claim(["002_y"], Request("a"))).Message
        );
    }

    private LedgerTrial Now => _ledger.Trials().Single(trial => trial.Trial == Trial);

    private string? Text(string name) => _ledger.Read(Trial, name) is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null;

    private StudyClaim? Claim(string worker) => _ledger.Claim([Trial], Request(worker));

    private static ClaimRequest Request(string worker) =>
        new()
        {
            Worker = worker,
            Lease = TimeSpan.FromMinutes(1),
            Machine = MadeUpMachine.Any,
        };

    private static TrialSnapshot Snapshot(long step, params (string Name, string Content)[] files) =>
        new()
        {
            Position = new TrialPosition { Step = step },
            Epochs = [],
            Files = [.. files.Select(file => new TrialFile(file.Name, file.Content))],
        };
}
