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
        _ledger.Renew(other, new TrialPosition()); // it is still the other's
    }

    [Fact]
    public void SessionThatWasTakenOver_IsFoundOutAtItsEnd()
    {
        using var session = Begin(Claim("me"));
        _store.Now += TimeSpan.FromMinutes(2);
        Claim("other");
        Assert.Equal("other", Assert.Throws<StaleClaimException>(() => session.End(null, null, false)).Newest.Worker);
        Assert.NotNull(session.Lost);
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

    private SharedSession Begin(StudyClaim claim) =>
        new(Job, _ledger, claim, _folder.Root, new StudyOptions(), _log, _stop.Token);

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
