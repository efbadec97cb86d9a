using System.Collections.Concurrent;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>How the thread looks that watches other workers.</summary>
public sealed class WorkersWatchLoopTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30); // where it fails
    private readonly TempFolder _folder = new();
    private readonly ClockedStore _store = new();
    private readonly LogLedger _ledger;
    private readonly BlockingCollection<StudyProgress> _heard = [];

    public WorkersWatchLoopTests() => _ledger = new LogLedger(_store);

    public void Dispose()
    {
        _folder.Dispose();
        _heard.Dispose();
    }

    [Fact]
    public void EachLook_ReportsWhatIsNew()
    {
        using var watch = Watch(_heard.Add);
        foreach (string trial in new[] { "001_a", "002_b" })
        {
            Claim(trial);
            Assert.True(_heard.TryTake(out var heard, Long));
            Assert.Equal(trial[2] - '0', heard.Trial);
        }
    }

    [Fact]
    public void LedgerThatFails_IsLookedAtAgain()
    {
        using var watch = Watch(_heard.Add);
        (_store.FaultsLeft, _store.Fault) = (1, new IOException("no server"));
        Assert.True(SpinWait.SpinUntil(() => _store.FaultsLeft == 0, Long));
        Claim("001_a");
        Assert.True(_heard.TryTake(out _, Long));
        watch.Close();
    }

    [Fact]
    public void FaultOfTheListener_EndsTheLooks_AndIsThrownAtTheEnd()
    {
        using var called = new ManualResetEventSlim();
        int calls = 0;
        using var watch = Watch(_ =>
        {
            calls++;
            called.Set();
            throw new ArgumentException("the listener's");
        });
        Claim("001_a");
        Assert.True(called.Wait(Long));
        Claim("002_b");
        Assert.Equal("the listener's", Assert.Throws<ArgumentException>(watch.Close).Message);
        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0.04, 10, 1)]
    [InlineData(0.2, 0, 4)] // a twentieth of a thread's time
    [InlineData(0, 30, 3)] // ten looks of all workers in a second
    [InlineData(0.2, 30, 4)]
    public void Pause_IsLonger_WhereALookTakesLong_AndWhereManyLook(double took, int workers, double pause) =>
        Assert.Equal(
            TimeSpan.FromSeconds(pause),
            WorkersWatch.Pause(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(took), workers)
        );

    private void Claim(string trial) =>
        Assert.NotNull(
            _ledger.Claim(
                [trial],
                new ClaimRequest
                {
                    Worker = "other",
                    Lease = TimeSpan.FromMinutes(1),
                    Machine = MadeUpMachine.Any,
                }
            )
        );

    private WorkersWatch Watch(Action<StudyProgress> listener)
    {
        var records = new LedgerRecords(_ledger, _folder.Root);
        records.Refresh();
        var options = new StudyOptions
        {
            Ledger = _ledger,
            Worker = "me",
            Progress = new Listener(listener),
        };
        return new WorkersWatch(options, records, WorkersWatchTests.About, Soon);
    }
}
