using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>What every <see cref="IStudyLedger"/> promises. A ledger of another kind derives from it.</summary>
public abstract class LedgerContractTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private IStudyLedger? _ledger;

    /// <summary>The ledger under test: each call opens the same one, as another process would.</summary>
    protected abstract IStudyLedger Open();

    /// <summary>Makes the lease of a claim be over.</summary>
    private protected abstract void EndLease(StudyClaim claim);

    private protected TempFolder Files => _folder;

    private IStudyLedger Ledger => _ledger ??= Open();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _folder.Dispose();

    [Fact]
    public void Record_IsWrittenOnlyByWhoReadTheNewest()
    {
        Assert.Null(Ledger.ReadRecord());
        Assert.True(Ledger.TryWriteRecord("""{"a": 1}""", 0));
        Assert.False(Open().TryWriteRecord("""{"a": 2}""", 0));
        Assert.True(Open().TryWriteRecord("""{"a": 3}""", 1));
        Assert.False(Ledger.TryWriteRecord("""{"a": 4}""", 1));
        Assert.Equal(new LedgerRecord(2, """{"a": 3}"""), Ledger.ReadRecord());
    }

    [Fact]
    public void Trial_IsClaimedByOneWorker_TheNextGetsTheNextTrial()
    {
        var first = Claim("a", "001_x", "002_y");
        var second = Claim("b", "001_x", "002_y");
        Assert.Equal(("001_x", "002_y"), (first?.Trial, second?.Trial));
        Assert.Null(Claim("c", "001_x", "002_y"));
        Assert.Equal(["a", "b"], Ledger.Trials().OrderBy(trial => trial.Trial).Select(trial => trial.Worker));
        Assert.All(Ledger.Trials(), trial => Assert.Equal((LedgerTrialStatus.Claimed, false), (trial.Status, trial.IsLeaseOver)));
    }

    [Fact]
    public void LateWorker_IsRefusedInEveryWrite_AndChangesNothing()
    {
        var late = Claim("a", "001_x")!;
        Ledger.Publish(late, Snapshot(1, "first"));
        EndLease(late);
        Assert.True(Assert.Single(Ledger.Trials()).IsLeaseOver);
        var next = Claim("b", "001_x")!;
        Assert.True(next.Token > late.Token);
        Assert.True(next.HasState);

        Action[] writes =
        [
            () => Ledger.Renew(late, new TrialPosition { Epoch = 9 }),
            () => Ledger.Publish(late, Snapshot(9, "late")),
            () => Ledger.Complete(late, Snapshot(9, "late")),
            () => Ledger.Fail(late, "late", Snapshot(9, "late")),
            () => Ledger.Release(late, "late", Snapshot(9, "late")),
        ];
        Assert.All(
            writes,
            write =>
            {
                var error = Assert.Throws<StaleClaimException>(write);
                Assert.Equal((late, "b"), (error.Claim, error.Newest.Worker));
                Assert.Contains("of the worker 'b'", error.Message, StringComparison.Ordinal);
            }
        );
        Assert.Equal("first", Text(Ledger.Read("001_x", "state.txt")));
        Open().Complete(next, Snapshot(2, "second"));
        Assert.Equal("second", Text(Ledger.Read("001_x", "state.txt")));
        var trial = Assert.Single(Ledger.Trials());
        Assert.Equal((LedgerTrialStatus.Completed, "b", 2), (trial.Status, trial.Worker, trial.Position!.Epoch));
    }

    [Fact]
    public void LeaseThatIsOver_StaysTheWorkersUntilAnotherTakesIt()
    {
        var claim = Claim("a", "001_x")!;
        EndLease(claim);
        Ledger.Renew(claim, new TrialPosition { Epoch = 1, Step = 5 });
        Assert.False(Assert.Single(Ledger.Trials()).IsLeaseOver);
        Assert.Null(Claim("b", "001_x"));
        EndLease(claim);
        Ledger.Publish(claim, Snapshot(2, "published"));
        Assert.Null(Claim("b", "001_x"));
        EndLease(claim);
        Ledger.Complete(claim, Snapshot(3, "whole"));
        Assert.Null(Claim("b", "001_x"));
    }

    [Theory]
    [InlineData(LedgerTrialStatus.Completed)]
    [InlineData(LedgerTrialStatus.Failed)]
    [InlineData(LedgerTrialStatus.Released)]
    public void ClaimThatHasEnded_WritesNothingMore(LedgerTrialStatus end)
    {
        var claim = Claim("a", "001_x")!;
        End(claim, end);
        Assert.Throws<StaleClaimException>(() => Ledger.Renew(claim, new TrialPosition()));
        Assert.Throws<StaleClaimException>(() => Ledger.Complete(claim, Snapshot(2, "twice")));
        Assert.Equal("at its end", Text(Ledger.Read("001_x", "state.txt")));
        Assert.Equal(end == LedgerTrialStatus.Released, Claim("b", "001_x") is not null);
    }

    [Fact]
    public void Files_AreThoseOfTheLastSnapshot_Whole()
    {
        Assert.False(Ledger.Fetch("001_x", _folder["none"]));
        Assert.False(Directory.Exists(_folder["none"]));
        var claim = Claim("a", "001_x")!;
        Assert.Null(Ledger.Read("001_x", "state.txt"));
        Ledger.Publish(claim, Snapshot(1, "first", ("checkpoints/best.bin", "old")));
        long version = Assert.Single(Ledger.Trials()).FilesVersion;
        Ledger.Publish(claim, Snapshot(2, "second", ("run.json", "{}")));
        Assert.True(Assert.Single(Ledger.Trials()).FilesVersion > version);

        Assert.True(Open().Fetch("001_x", _folder["got"]));
        Assert.Equal(
            ["run.json", "state.txt"],
            Directory.EnumerateFiles(_folder["got"], "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order()
        );
        Assert.Equal("second", File.ReadAllText(_folder["got/state.txt"]));
        Assert.Null(Ledger.Read("001_x", "checkpoints/best.bin"));
        Ledger.Release(claim, null, null);
        Assert.Equal("second", Text(Ledger.Read("001_x", "state.txt")));
        Ledger.Publish(Claim("b", "001_x")!, Snapshot(3, "third", ("checkpoints/best.bin", "new")));
        Assert.Equal("new", Text(Open().Read("001_x", "checkpoints/best.bin")));
    }

    [Fact]
    public void ThreeWorkersLostWithATrial_MakeItFail_WithThatReason()
    {
        foreach (string worker in new[] { "a", "b", "c" })
        {
            EndLease(Claim(worker, "001_x")!);
        }

        Assert.Equal("002_y", Claim("d", "001_x", "002_y")?.Trial);
        var trial = Ledger.Trials().Single(trial => trial.Trial == "001_x");
        Assert.Equal(LedgerTrialStatus.Failed, trial.Status);
        Assert.Contains("3 workers were lost with this trial", trial.Reason, StringComparison.Ordinal);
        Assert.Contains("the last 'c'", trial.Reason, StringComparison.Ordinal);
        Assert.Null(Claim("e", "001_x"));
    }

    [Fact]
    public void WorkersLostAfterFurtherSteps_DoNotMakeATrialFail()
    {
        for (int epoch = 1; epoch <= 6; epoch++)
        {
            var claim = Claim("a", "001_x");
            Assert.NotNull(claim);
            Ledger.Publish(claim, Snapshot(epoch, "further"));
            EndLease(claim);
        }

        Assert.NotNull(Claim("b", "001_x"));
        Assert.Equal(1, Assert.Single(Ledger.Trials()).LostClaims);
    }

    [Fact]
    public void Position_IsTheLastSignOfLife()
    {
        var claim = Claim("a", "001_x")!;
        var position = new TrialPosition
        {
            Epoch = 2,
            Epochs = 5,
            EpochFraction = 0.25,
            Step = 12,
        };
        Ledger.Renew(claim, position);
        Assert.Equal(position, Assert.Single(Open().Trials()).Position);
    }

    [Fact]
    public void Machines_AreThoseOfTheClaims_EachOnce()
    {
        var other = Machine with { InstructionSet = "other" };
        Ledger.Release(Claim("a", "001_x")!, null, null);
        Ledger.Release(Ledger.Claim(["001_x"], Request("b") with { Machine = other })!, null, null);
        Ledger.Release(Claim("c", "001_x")!, null, null);
        Assert.Equal([Machine, other], Assert.Single(Open().Trials()).Machines);
    }

    [Fact]
    public void Claims_SayWho_OnWhat_InWhichOrder_AndHowFar()
    {
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);
        var other = Machine with { InstructionSet = "other" };
        Ledger.Release(Ledger.Claim(["001_x"], Request("a") with { UntilEpoch = 3 })!, null, null);
        Ledger.Release(Claim("b", "002_y")!, null, null);
        var last = Ledger.Claim(["001_x"], Request("c") with { Machine = other })!;
        var trials = Open().Trials().ToDictionary(trial => trial.Trial);
        Assert.Equal(
            [("a", Machine, 3), ("c", other, (int?)null)],
            trials["001_x"].Claims.Select(claim => (claim.Worker, claim.Machine, claim.UntilEpoch))
        );
        Assert.Equal(last.Token, trials["001_x"].Claims[^1].Token);
        DateTimeOffset[] times = [trials["001_x"].Claims[0].Time, trials["002_y"].Claims[0].Time, trials["001_x"].Claims[1].Time];
        Assert.Equal(times.Order(), times);
        Assert.All(times, time => Assert.InRange(time, before, before.AddMinutes(30)));
    }

    /// <summary>Threads that race for one trial many times: one gets it.</summary>
    [Fact]
    public async Task Race_HasOneWinner()
    {
        for (int round = 1; round <= 40; round++)
        {
            string trial = $"{round:000}_race";
            using var start = new Barrier(4);
            var claims = await Task.WhenAll(
                Enumerable
                    .Range(0, 4)
                    .Select(i =>
                        Task.Run(() =>
                        {
                            var ledger = Open();
                            start.SignalAndWait();
                            return ledger.Claim([trial], Request($"worker{i}"));
                        })
                    )
            );
            var winner = Assert.Single(claims, claim => claim is not null);
            Assert.Equal(winner!.Worker, Ledger.Trials().Single(one => one.Trial == trial).Worker);
        }
    }

    private protected static WorkerMachine Machine { get; } = MadeUpMachine.Any;

    private protected static ClaimRequest Request(string worker) =>
        new()
        {
            Worker = worker,
            Lease = TimeSpan.FromMinutes(1),
            Machine = Machine,
        };

    private protected TrialSnapshot Snapshot(int epoch, string state, params (string Name, string Text)[] more)
    {
        string folder = _folder[Guid.NewGuid().ToString("n")];
        return new TrialSnapshot
        {
            Position = new TrialPosition { Epoch = epoch, Step = 10 * epoch },
            Epochs = [],
            Files =
            [
                .. more.Prepend(("state.txt", state))
                    .Select(file =>
                    {
                        string path = Path.Combine(folder, file.Item1);
                        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                        File.WriteAllText(path, file.Item2);
                        return new TrialFile(file.Item1, path);
                    }),
            ],
        };
    }

    private StudyClaim? Claim(string worker, params string[] trials) => Open().Claim(trials, Request(worker));

    private void End(StudyClaim claim, LedgerTrialStatus end)
    {
        var snapshot = Snapshot(1, "at its end");
        switch (end)
        {
            case LedgerTrialStatus.Completed:
                Ledger.Complete(claim, snapshot);
                break;
            case LedgerTrialStatus.Failed:
                Ledger.Fail(claim, "broken", snapshot);
                break;
            default:
                Ledger.Release(claim, null, snapshot);
                break;
        }
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : System.Text.Encoding.UTF8.GetString(bytes);
}
