using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The thread that renews a lease. Each test waits for what must come, however long that takes.</summary>
public sealed class LeaseKeeperTests
{
    private static readonly TimeSpan Ever = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(20); // in which something does not come
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(4);
    private static readonly StudyClaim Claim = new()
    {
        Trial = "x",
        Token = 1,
        Worker = "w",
        HasState = false,
    };
    private readonly FakeLedger _ledger = new();

    [Fact]
    public void Lease_IsRenewedAgainAndAgain_WithTheLastPosition()
    {
        using var keeper = new LeaseKeeper(_ledger, Claim, Lease, Ever, NullLogger.Instance, _ => { });
        Assert.True(_ledger.Renewed.Wait(Ever));
        Assert.Equal(new TrialPosition(), _ledger.Last);
        keeper.Sign(new TrialPosition { Epoch = 3 });
        keeper.Sign(null); // no further
        _ledger.WaitFor(position => position.Epoch == 3);
    }

    [Fact]
    public void LedgerThatCannotBeReached_IsAskedAgain()
    {
        _ledger.Fault = new IOException("no server");
        var log = new Log();
        using var keeper = new LeaseKeeper(_ledger, Claim, Lease, Ever, log, _ => { });
        Assert.True(log.Written.Wait(Ever));
        _ledger.Fault = null;
        Assert.True(_ledger.Renewed.Wait(Ever));
        Assert.Contains("no server", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ClaimThatWasTaken_IsSaidOnce()
    {
        var stale = Stale();
        _ledger.Fault = stale;
        using var said = new ManualResetEventSlim();
        var lost = new ConcurrentQueue<StaleClaimException>();
        using var keeper = new LeaseKeeper(
            _ledger,
            Claim,
            Lease,
            Ever,
            NullLogger.Instance,
            e =>
            {
                lost.Enqueue(e);
                said.Set();
            }
        );
        Assert.True(said.Wait(Ever));
        Assert.False(SpinWait.SpinUntil(() => lost.Count > 1, AWhile));
        Assert.Same(stale, Assert.Single(lost));
    }

    [Fact]
    public void WhoHearsThatAClaimWasTaken_MayEndTheKeeper()
    {
        _ledger.Fault = Stale();
        LeaseKeeper? keeper = null;
        var (made, ended) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        keeper = new LeaseKeeper(
            _ledger,
            Claim,
            Lease,
            Ever,
            NullLogger.Instance,
            _ =>
            {
                made.Wait();
                keeper!.Dispose();
                ended.Set();
            }
        );
        made.Set();
        Assert.True(ended.Wait(Ever));
    }

    [Fact]
    public void Thread_IsNamedAfterTheTrial_AndKeepsNoProcessAlive()
    {
        using var keeper = new LeaseKeeper(_ledger, Claim, Lease, Ever, NullLogger.Instance, _ => { });
        Assert.True(_ledger.Renewed.Wait(Ever));
        Assert.Equal(("lease of x", true), (_ledger.By!.Name, _ledger.By.IsBackground));
    }

    [Fact]
    public void LeaseForEver_IsKept()
    {
        using var keeper = new LeaseKeeper(_ledger, Claim, TimeSpan.MaxValue, TimeSpan.MaxValue, NullLogger.Instance, _ => { });
        keeper.Sign(new TrialPosition()); // and its thread has not ended the process
    }

    [Fact]
    public void TrialWithoutASignOfLife_IsNotRenewed_AndSaid()
    {
        var log = new Log();
        using (new LeaseKeeper(_ledger, Claim, Lease, TimeSpan.FromTicks(-1), log, _ => { }))
        {
            Assert.True(log.Written.Wait(Ever));
            Assert.False(SpinWait.SpinUntil(() => log.Count > 1, AWhile)); // each time that it is silent, it is said once
        }

        Assert.Null(_ledger.Last);
        Assert.Equal(1, log.Count);
    }

    [Fact]
    public void SilentTrial_IsRenewedAfterASignOfLife_AndSaidWhenItIsSilentAgain()
    {
        var log = new Log();
        using var keeper = new LeaseKeeper(_ledger, Claim, Lease, TimeSpan.FromMilliseconds(10), log, _ => { });
        Assert.True(log.Written.Wait(Ever));
        int before = _ledger.Count;
        Assert.True(
            SpinWait.SpinUntil(
                () =>
                {
                    keeper.Sign(null);
                    return _ledger.Count > before;
                },
                Ever
            )
        );
        Assert.True(SpinWait.SpinUntil(() => log.Count > 1, Ever));
    }

    [Fact]
    public void Disposed_ItRenewsNoMore()
    {
        var keeper = new LeaseKeeper(_ledger, Claim, Lease, Ever, NullLogger.Instance, _ => { });
        Assert.True(_ledger.Renewed.Wait(Ever));
        keeper.Dispose();
        int count = _ledger.Count;
        Assert.False(SpinWait.SpinUntil(() => _ledger.Count > count, AWhile));
    }

    [Fact]
    public void Disposal_WaitsForTheRenewalUnderWay()
    {
        _ledger.Open.Reset();
        var keeper = new LeaseKeeper(_ledger, Claim, Lease, Ever, NullLogger.Instance, _ => { });
        Assert.True(_ledger.Asked.Wait(Ever));
        var disposal = new Thread(keeper.Dispose);
        disposal.Start();
        Assert.False(disposal.Join(AWhile));
        _ledger.Open.Set();
        Assert.True(disposal.Join(Ever));
    }

    private static StaleClaimException Stale() =>
        new(
            Claim,
            new LedgerTrial
            {
                Trial = "x",
                Status = LedgerTrialStatus.Claimed,
                Token = 2,
                Worker = "other",
                Version = 2,
            }
        );

    private sealed class Log : ILogger
    {
        public ManualResetEventSlim Written { get; } = new();

        public string Text { get; private set; } = "";

        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            (Text, Count) = (formatter(state, exception), Count + 1);
            Written.Set();
        }
    }

    private sealed class FakeLedger : IStudyLedger
    {
        private readonly Lock _own = new();

        /// <summary>Set when somebody asks for a renewal.</summary>
        public ManualResetEventSlim Asked { get; } = new();

        /// <summary>Whoever asks waits for it.</summary>
        public ManualResetEventSlim Open { get; } = new(initialState: true);

        public ManualResetEventSlim Renewed { get; } = new();

        /// <summary>Who renewed last.</summary>
        public Thread? By { get; private set; }

        public Exception? Fault { get; set; }

        public TrialPosition? Last { get; private set; }

        public int Count { get; private set; }

        public string Name => "fake";

        public void WaitFor(Func<TrialPosition, bool> isThere) =>
            Assert.True(SpinWait.SpinUntil(() => Last is TrialPosition last && isThere(last), Ever));

        public void Renew(StudyClaim claim, TrialPosition position)
        {
            Asked.Set();
            Open.Wait();
            if (Fault is Exception fault)
            {
                throw fault;
            }

            lock (_own)
            {
                (Last, Count, By) = (position, Count + 1, Thread.CurrentThread);
            }

            Renewed.Set();
        }

        public LedgerRecord? ReadRecord() => null;

        public bool TryWriteRecord(string json, long version) => false;

        public IReadOnlyList<LedgerTrial> Trials() => [];

        StudyClaim? IStudyLedger.Claim(IReadOnlyList<string> trials, ClaimRequest request) => null;

        public void Publish(StudyClaim claim, TrialSnapshot snapshot) => throw new NotSupportedException();

        public void Complete(StudyClaim claim, TrialSnapshot snapshot) => throw new NotSupportedException();

        public void Fail(StudyClaim claim, string reason, TrialSnapshot? snapshot) => throw new NotSupportedException();

        public void Release(StudyClaim claim, string? reason, TrialSnapshot? snapshot) => throw new NotSupportedException();

        public byte[]? Read(string trial, string name) => null;

        public bool Fetch(string trial, string folder) => false;
    }
}
