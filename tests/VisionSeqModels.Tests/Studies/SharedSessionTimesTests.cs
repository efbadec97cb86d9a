using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionSeqModels.Studies;
using VisionSeqModels.Training;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>When a trial's lease is renewed, its states are published, and its end is said again. Where a busy machine may keep
/// a thread from its turn, a test tries several times.</summary>
public sealed class SharedSessionTimesTests : IDisposable
{
    private const int Tries = 5;
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(20); // in which something does not come
    private static readonly TrialJob Job = new(1, new StudyFile.Entry("a", Factors(), 1, "001_a"));
    private static readonly StudyOptions Quick = new() { Lease = TimeSpan.FromMilliseconds(4) };
    private readonly TempFolder _folder = new();
    private readonly ClockedStore _store = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LogLedger _ledger;

    public SharedSessionTimesTests() => _ledger = new LogLedger(_store);

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void SessionThatIsOver_IsRenewedNoMore()
    {
        var claim = Claim("001_a");
        Begin(claim, Quick).Dispose();
        Assert.False(IsRenewed(claim, AWhile));
    }

    [Fact]
    public void SessionThatCannotBegin_IsRenewedNoMore()
    {
        File.WriteAllText(_folder["state"], "");
        var snapshot = new TrialSnapshot
        {
            Position = new TrialPosition(),
            Epochs = [],
            Files = [new TrialFile("state", _folder["state"])],
        };
        _ledger.Release(Claim("001_a"), null, snapshot);
        _store.FetchFault = new IOException("no disk");
        var claim = Claim("001_a");
        Assert.Throws<IOException>(() => Begin(claim, Quick));
        Assert.False(IsRenewed(claim, AWhile));
    }

    [Fact]
    public void EndOfASilentTrial_IsASignOfLife()
    {
        var silence = TimeSpan.FromMilliseconds(40);
        Assert.Contains(Enumerable.Range(1, Tries), i => IsRenewedAtItsEnd($"00{i}_a", silence));
    }

    [Fact]
    public void StateThatTookLong_IsFollowedByNone_ForTenTimesAsLong() =>
        Assert.Contains(Enumerable.Range(1, Tries), i => IsNextLeftOut($"00{i}_a"));

    [Fact]
    public void SavedState_IsASignOfLife_WithItsPosition()
    {
        var claim = Claim("001_a");
        using var session = Begin(claim, Quick);
        var context = TrialWatchTests.Context(64);
        (context.Epoch, context.Step, context.StepInEpoch) = (2, 7, 3);
        session.Watch().OnCheckpointSaved(new CheckpointSavedEvent(context, "state"));
        Assert.True(SpinWait.SpinUntil(() => LastBeat(claim).Contains("\"step\":7", StringComparison.Ordinal), 60_000));
    }

    /// <summary>A worker that is not asked to stop tries more than twice, and waits a quarter of a second at first. When it is
    /// asked, it does not wait any longer.</summary>
    [Fact]
    public void EndThatCannotBeSaid_IsTriedAgain_AfterAPause()
    {
        using var session = Begin(Claim("001_a"), new StudyOptions(), new StopAtTheSecond(_stop));
        (_store.Fault, _store.FaultsLeft) = (new IOException("no server"), 2);
        long begin = Stopwatch.GetTimestamp();
        session.End(History("x", 1), null, canTryAgain: false);
        Assert.True(Stopwatch.GetElapsedTime(begin) > TimeSpan.FromMilliseconds(200));
        Assert.Equal(LedgerTrialStatus.Completed, Assert.Single(_ledger.Trials()).Status);
    }

    private bool IsRenewedAtItsEnd(string trial, TimeSpan silence)
    {
        var claim = Claim(trial);
        using var session = Begin(claim, Quick with { MaximumSilence = silence });
        Thread.Sleep(silence * 1.5);
        bool isRenewed = false;
        _store.Meanwhile = () => isRenewed = IsRenewed(claim, silence * 2);
        session.End(History("x", 1), null, canTryAgain: false);
        return isRenewed;
    }

    private bool IsNextLeftOut(string trial)
    {
        using var session = Begin(Claim(trial), new StudyOptions());
        _store.Meanwhile = () => Thread.Sleep(50);
        session.Publish(new TrialPosition { Step = 1 }, History("x", 1));
        Thread.Sleep(15);
        session.Publish(new TrialPosition { Step = 2 }, History("x", 1));
        return _ledger.Trials().Single(one => one.Trial == trial) is { FilesVersion: 2, Position.Step: 1 };
    }

    private bool IsRenewed(StudyClaim claim, TimeSpan within)
    {
        _store.Beat($"trials/{claim.Trial}", claim.Token, "the test's");
        return SpinWait.SpinUntil(() => LastBeat(claim) != "the test's", within);
    }

    private string LastBeat(StudyClaim claim) => _store.LastBeat($"trials/{claim.Trial}", claim.Token)!;

    private SharedSession Begin(StudyClaim claim, StudyOptions options, ILogger? log = null) =>
        new(Job, _ledger, claim, _folder.Root, options, log ?? NullLogger.Instance, _stop.Token);

    private StudyClaim Claim(string trial) =>
        _ledger.Claim(
            [trial],
            new ClaimRequest
            {
                Worker = "me",
                Lease = TimeSpan.FromMinutes(1),
                Machine = MadeUpMachine.Any,
            }
        )!;

    private sealed class StopAtTheSecond(CancellationTokenSource stop) : ILogger
    {
        private int _warnings;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (++_warnings == 2)
            {
                stop.Cancel();
            }
        }
    }
}
