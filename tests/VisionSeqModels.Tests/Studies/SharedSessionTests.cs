using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A trial that a ledger has given to a worker, without training.</summary>
public sealed class SharedSessionTests : IDisposable
{
    private static readonly TrialJob Job = new(1, new StudyFile.Entry("a", Factors(), 1, "001_a"));
    private readonly TempFolder _folder = new();
    private readonly ClockedStore _store = new();
    private readonly ListLogger _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LogLedger _ledger;

    public SharedSessionTests() => _ledger = new LogLedger(_store);

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Publish_KeepsTheFilesWithTheirPosition()
    {
        using var session = Begin(Claim("me"));
        Write(session, "state");
        var position = new TrialPosition { Epoch = 2, Step = 7 };
        session.Sign(position);
        session.Publish(position, History("x", 1, 1));
        var trial = Assert.Single(_ledger.Trials());
        Assert.Equal((LedgerTrialStatus.Claimed, 2, position), (trial.Status, trial.FilesVersion, trial.Position));
        Assert.Null(session.Lost);
        Assert.False(session.Token.IsCancellationRequested);
        Assert.NotNull(session.Watch());
    }

    [Fact]
    public void SessionThatWasTakenOver_IsLost_AndPublishesNothingMore()
    {
        using var session = Begin(Claim("me"));
        _store.Now += TimeSpan.FromMinutes(2);
        var other = Claim("other");
        session.Publish(new TrialPosition(), History("x", 1));
        Assert.Equal("other", session.Lost!.Newest.Worker);
        Assert.True(session.Token.IsCancellationRequested);
        var lost = session.Lost;
        session.Publish(new TrialPosition(), History("x", 1));
        Assert.Same(lost, session.Lost);
        Assert.Same(lost, Assert.Throws<StaleClaimException>(() => session.End(History("x", 1), null, canTryAgain: false)));
        Assert.Empty(_log.Warnings);
        _ledger.Renew(other, new TrialPosition()); // it is still the other's
    }

    /// <summary>At once, and not when its lease is renewed the next time.</summary>
    [Fact]
    public async Task SessionThatWasTakenOver_IsFoundOutAtItsEnd()
    {
        using var session = Begin(Claim("me"), new StudyOptions { Lease = TimeSpan.FromDays(1) });
        _store.Now += TimeSpan.FromMinutes(2);
        Claim("other");
        var end = Task.Run(() => session.End(null, null, false)).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("other", (await Assert.ThrowsAsync<StaleClaimException>(() => end)).Newest.Worker);
        Assert.NotNull(session.Lost);
        _store.Fault = new IOException("no server");
        session.Publish(new TrialPosition(), History("x", 1));
        Assert.Empty(_log.Warnings); // it does not ask the ledger
    }

    /// <summary>It is found out twice: while it publishes, and at its end meanwhile.</summary>
    [Fact]
    public void FirstNewsOfALoss_Stays()
    {
        using var session = Begin(Claim("me"));
        StaleClaimException? first = null;
        _store.Meanwhile = () =>
        {
            _store.Now += TimeSpan.FromMinutes(2);
            Claim("other");
            first = Assert.Throws<StaleClaimException>(() => session.End(null, null, false));
        };
        session.Publish(new TrialPosition(), History("x", 1));
        Assert.NotNull(first);
        Assert.Same(first, session.Lost);
    }

    [Fact]
    public void End_SaysHowFarTheTrialIs()
    {
        using var session = Begin(Claim("me"));
        session.End(History("x", 1, 1), null, canTryAgain: false);
        Assert.Equal(new TrialPosition { Epoch = 2, Step = 2 }, Assert.Single(_ledger.Trials()).Position);
    }

    [Fact]
    public void LedgerThatCannotBeReached_CostsAState_NotTheTrial()
    {
        using var session = Begin(Claim("me"));
        _store.Fault = new IOException("no server");
        session.Publish(new TrialPosition(), History("x", 1));
        Assert.Null(session.Lost);
        Assert.Contains("no server", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    /// <summary>A worker that is asked to stop tries twice, without waiting.</summary>
    [Fact]
    public void EndThatCannotBeSaid_IsTriedAgain()
    {
        _stop.Cancel();
        using var session = Begin(Claim("me"));
        _store.Fault = new IOException("no server");
        Assert.Equal("no server", Assert.Throws<IOException>(() => session.End(null, null, false)).Message);
        Assert.Single(_log.Warnings);
        _store.FaultsLeft = 1;
        session.End(History("x", 1), null, canTryAgain: false);
        Assert.Equal(LedgerTrialStatus.Completed, Assert.Single(_ledger.Trials()).Status);
        Assert.Equal(2, _log.Warnings.Count());
    }

    [Fact]
    public void Session_BeginsWithThePublishedFiles_AndLeavesNothing()
    {
        using (var first = Begin(Claim("me")))
        {
            Write(first, "state");
            Write(first, "run.json");
            first.End(History("x", 1), new IOException("full"), canTryAgain: true);
            Assert.True(Directory.Exists(first.Folder));
        }

        Assert.False(Directory.Exists(_folder["work/001_a.000001"]));
        Directory.CreateDirectory(_folder["work/001_a.000003"]);
        File.WriteAllText(_folder["work/001_a.000003/left"], ""); // of a process that was killed
        using var second = Begin(Claim("other"));
        Assert.Equal(
            ["run.json", "state"],
            Directory.EnumerateFiles(second.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    /// <summary>One process alone has begun the study; then several continue it.</summary>
    [Fact]
    public void Session_BeginsWithTheStateInTheStudysFolder_WhereTheLedgerHasNone()
    {
        Directory.CreateDirectory(_folder["001_a/checkpoints"]);
        File.WriteAllText(_folder["001_a/run.json"], "own");
        using (var without = Begin(Claim("me")))
        {
            Assert.False(Directory.Exists(without.Folder)); // there is none in it yet
            _ledger.Release(without.Claim, null, null);
        }

        File.WriteAllText(_folder["001_a/checkpoints/last.state.safetensors"], "state");
        using (var first = Begin(Claim("me")))
        {
            Assert.Equal("own", File.ReadAllText(Path.Combine(first.Folder, "run.json")));
            Assert.Equal("state", File.ReadAllText(Path.Combine(first.Folder, "checkpoints", "last.state.safetensors")));
            File.WriteAllText(Path.Combine(first.Folder, "run.json"), "the ledger's");
            first.End(null, null, false);
        }

        using var next = Begin(Claim("other"));
        Assert.Equal("the ledger's", File.ReadAllText(Path.Combine(next.Folder, "run.json")));
    }

    [Fact]
    public void SessionThatIsOver_HasNoToken()
    {
        var session = Begin(Claim("me"));
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Token);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FilesThatCannotBeRemoved_AreNoFault(bool isRefused)
    {
        var session = Begin(Claim("me"));
        Write(session, "state");
        using var disk = new AlteredDisk
        {
            BeforeDeletion = _ => throw (isRefused ? new UnauthorizedAccessException() : new IOException()),
        };
        session.Dispose();
        Assert.True(Directory.Exists(session.Folder));
    }

    [Fact]
    public void FilesThatCannotBeFetched_GiveTheTrialBack()
    {
        using (var first = Begin(Claim("me")))
        {
            Write(first, "state");
            first.End(null, null, false);
        }

        var claim = Claim("other");
        _store.FetchFault = new IOException("no disk");
        Assert.Throws<IOException>(() => Begin(claim));
        _ledger.Renew(claim, new TrialPosition());
    }

    [Fact]
    public void WorkOfATrial_IsRemoved_AndTheFolderWithTheLast()
    {
        foreach (string name in new[] { "001_a.000001", "001_a.000007", "002_b.000001" })
        {
            Directory.CreateDirectory(_folder[$"work/{name}"]);
        }

        SharedSession.RemoveWork(_folder.Root, "001_a");
        Assert.Equal(["002_b.000001"], Directory.EnumerateDirectories(_folder["work"]).Select(Path.GetFileName));
        SharedSession.RemoveWork(_folder.Root, "002_b");
        Assert.False(Directory.Exists(_folder["work"]));
        SharedSession.RemoveWork(_folder.Root, "002_b");
    }

    [Fact]
    public void WorkThatAnotherBeginsMeanwhile_Stays()
    {
        Directory.CreateDirectory(_folder["work/001_a.000001"]);
        using (new AlteredDisk { BeforeFiles = _ => Directory.CreateDirectory(_folder["work/002_b.000001"]) })
        {
            SharedSession.RemoveWork(_folder.Root, "001_a");
        }

        Assert.Equal(["002_b.000001"], Directory.EnumerateDirectories(_folder["work"]).Select(Path.GetFileName));
    }

    private SharedSession Begin(StudyClaim claim, StudyOptions? options = null) =>
        new(Job, _ledger, claim, _folder.Root, options ?? new StudyOptions(), _log, _stop.Token);

    private static void Write(TrialSession session, string name)
    {
        Directory.CreateDirectory(session.Folder);
        File.WriteAllText(Path.Combine(session.Folder, name), name);
    }

    private StudyClaim Claim(string worker) =>
        _ledger.Claim(
            ["001_a"],
            new ClaimRequest
            {
                Worker = worker,
                Lease = TimeSpan.FromMinutes(1),
                Machine = MadeUpMachine.Any,
            }
        )!;
}
