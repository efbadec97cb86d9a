using System.Collections.Concurrent;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>Workers in memory whose calls come in random orders: they claim, renew, publish, end, sleep and die as they
/// like.</summary>
public sealed class InterleavingTests
{
    private const int Workers = 4;
    private const int Actions = 25;
    private static readonly string[] Trials = ["001_a", "002_b", "003_c"];

    [Fact]
    public void AnyOrderOfCalls_KeepsTheRules()
    {
        for (int seed = 1; seed <= 100; seed++)
        {
            var (store, accepted) = Play(seed);
            foreach (string trial in Trials)
            {
                var log = store.Log(trial);
                Assert.True(!LogCheck.Faults(log).Any(), $"seed {seed}, {trial}: {string.Join("; ", LogCheck.Faults(log))}");
                Assert.True(LogCheck.Count(log, "completed") + LogCheck.Count(log, "failed") <= 1, $"seed {seed}, {trial}");
                int written = log.Count - LogCheck.Count(log, "claimed") - GivenUp(log);
                Assert.True(written == accepted.GetValueOrDefault(trial), $"seed {seed}, {trial}: a write was lost, or made up");
            }
        }
    }

    /// <summary>So that the test above is about something.</summary>
    [Fact]
    public void OrdersOfCalls_IncludeTakeoversAndLateWorkers()
    {
        var logs = Enumerable.Range(1, 40).SelectMany(seed => Trials.Select(Play(seed).Store.Log)).ToList();
        Assert.Contains(logs, log => LogCheck.Count(log, "claimed") > 2 && LogCheck.Count(log, "completed") == 1);
        Assert.Contains(logs, log => GivenUp(log) == 1);
        Assert.Contains(logs, log => log.Zip(log.Skip(1)).Any(pair => Is(pair.First, "claimed") && Is(pair.Second, "claimed")));
    }

    private static bool Is(string entry, string kind) => LogCheck.Count([entry], kind) == 1;

    /// <summary>Failures that the ledger itself wrote, for a trial whose workers were lost.</summary>
    private static int GivenUp(IEnumerable<string> log) =>
        log.Count(entry => Is(entry, "failed") && entry.Contains("workers were lost", StringComparison.Ordinal));

    private static (SteppedStore Store, Dictionary<string, int> Accepted) Play(int seed)
    {
        var store = new SteppedStore(Workers, seed);
        var accepted = new Dictionary<string, int>();
        var failures = new ConcurrentQueue<string>();
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, Workers)
                .Select(worker => new Thread(() =>
                {
                    try
                    {
                        Work(worker, seed, store.Of(worker), accepted);
                    }
                    catch (Exception e)
                    {
                        failures.Enqueue($"seed {seed}, worker {worker}: {e.Message}");
                    }
                    finally
                    {
                        store.Leave(worker);
                    }
                })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        store.Begin();
        Array.ForEach(threads, thread => thread.Join());
        Assert.Empty(failures);
        return (store, accepted);
    }

    private static void Work(int worker, int seed, ILedgerStore store, Dictionary<string, int> accepted)
    {
        var random = new Random((seed * 1000) + worker);
        var ledger = new LogLedger(store);
        var request = new ClaimRequest
        {
            Worker = $"w{worker}",
            Lease = TimeSpan.FromSeconds(60),
            Machine = new WorkerMachine
            {
                Architecture = "X64",
                InstructionSet = "avx2",
                TorchSharp = "1",
                Threads = 1,
            },
        };
        StudyClaim? claim = null;
        for (int action = 0; action < Actions; action++)
        {
            if (claim is null)
            {
                claim = ledger.Claim([.. Trials.OrderBy(_ => random.Next())], request);
                continue;
            }

            try
            {
                if (Write(ledger, claim, random.Next(12)) is bool stays)
                {
                    lock (accepted)
                    {
                        accepted[claim.Trial] = accepted.GetValueOrDefault(claim.Trial) + 1;
                    }

                    claim = stays ? claim : null;
                }
            }
            catch (StaleClaimException)
            {
                claim = null;
            }

            if (random.Next(15) == 0)
            {
                claim = null; // as if it had died: nobody hears of it again
            }
        }
    }

    /// <summary>Whether the claim stays open after a write; null where nothing was written.</summary>
    private static bool? Write(LogLedger ledger, StudyClaim claim, int what)
    {
        var snapshot = new TrialSnapshot
        {
            Position = new TrialPosition(),
            Epochs = [],
            Files = [],
        };
        switch (what)
        {
            case < 5:
                ledger.Renew(claim, new TrialPosition());
                return null;
            case < 9:
                ledger.Publish(claim, snapshot);
                return true;
            case 9:
                ledger.Complete(claim, snapshot);
                return false;
            case 10:
                ledger.Release(claim, null, snapshot);
                return false;
            default:
                ledger.Fail(claim, "broken", null);
                return false;
        }
    }
}
