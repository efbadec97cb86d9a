using System.Diagnostics;
using System.Globalization;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>One study by all workers, with disturbances by a seed. They overlap: each is mended some seconds later, whatever
/// else goes on.</summary>
internal sealed class Round(RoundWorkers workers, RoundLedger ledger, string study, int seed, bool hasNetwork)
{
    private const int Disturbances = 6;
    private const int MostOrders = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(40); // from SIGTERM to the end of the process
    private readonly Random _random = new(seed);
    private readonly List<(long Due, Action Mend)> _toMend = [];
    private readonly HashSet<int> _hosts = []; // whose network is disturbed
    private readonly List<string> _happened = [];
    private readonly long _began = Stopwatch.GetTimestamp();
    private bool _isBroken;

    /// <summary>What was done, in order.</summary>
    public string History =>
        string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {Elapsed.TotalSeconds:f0} s: {string.Join(", ", _happened)}");

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    public void Play()
    {
        Array.ForEach([.. workers.Slots], Give);
        int left = Disturbances,
            next = _random.Next(1, 12),
            orders = 1;
        try
        {
            while (true)
            {
                Mend();
                Listen();
                bool isBusy = workers.Slots.Any(slot => slot.IsBusy);
                if (left > 0 && isBusy && ledger.Writes() is int writes && writes >= next)
                {
                    Disturb();
                    next = writes + _random.Next(2, 16);
                    left--;
                }

                if (!isBusy && _toMend.Count == 0)
                {
                    if (IsComplete())
                    {
                        return;
                    }

                    Require(++orders <= MostOrders, "the study is not complete");
                    _happened.Add("the same command again");
                    Array.ForEach([.. workers.Slots], Give);
                }

                Require(Elapsed < Longest, "the workers do not end");
                Thread.Sleep(20);
            }
        }
        finally
        {
            Mend(all: true);
        }
    }

    private bool IsComplete()
    {
        var logs = ledger.Logs();
        return logs.Count == RoundWorker.Trials && logs.Values.All(log => LogCheck.Count(log, "completed") > 0);
    }

    private void Give(RoundSlot slot) => slot.Give(ledger.Root, ledger.Address, study);

    private void Listen()
    {
        foreach (var slot in workers.Slots)
        {
            Require(!slot.HasEnded, $"{slot.Name} has ended by itself: {slot.Errors}");
            string? answer = slot.Answer();
            Require(answer?.StartsWith(RoundWorker.Fault, StringComparison.Ordinal) != true, $"{slot.Name}: {answer}");
            if (answer?.StartsWith(RoundWorker.Again, StringComparison.Ordinal) == true)
            {
                _happened.Add($"{slot.Name} gave up ({answer[RoundWorker.Again.Length..]})");
            }
        }
    }

    private void Mend(bool all = false)
    {
        long now = Stopwatch.GetTimestamp();
        foreach (var mend in _toMend.Where(mend => all || mend.Due <= now).OrderBy(mend => mend.Due).ToList())
        {
            _toMend.Remove(mend);
            mend.Mend();
        }
    }

    /// <summary>Something that lasts, and then is mended.</summary>
    private void Last(string what, TimeSpan time, Action mend)
    {
        _happened.Add(string.Create(CultureInfo.InvariantCulture, $"{what} for {time.TotalSeconds:f1} s"));
        _toMend.Add((Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency), mend));
    }

    private void Disturb()
    {
        RoundSlot[] busy = [.. workers.Slots.Where(slot => slot is { IsBusy: true, IsStopped: false })];
        if (busy.Length == 0)
        {
            return;
        }

        var victim = busy[_random.Next(busy.Length)];
        var beyondLease = RoundWorker.Lease + TimeSpan.FromMilliseconds(_random.Next(200, 2500));
        switch (_random.Next(hasNetwork ? 7 : 4))
        {
            case 0:
                _happened.Add($"kill {victim.Name}");
                victim.Kill();
                Replace(victim);
                break;
            case 1:
                victim.Stop();
                Last($"stop {victim.Name}", beyondLease, victim.Continue);
                break;
            case 2:
                _happened.Add($"terminate {victim.Name}");
                Require(victim.Terminate(Grace), $"{victim.Name} did not end within {Grace} of SIGTERM");
                Replace(victim);
                break;
            case 3 when !_isBroken:
                var (what, mend) = ledger.Break();
                _isBroken = true;
                Last(
                    what,
                    TimeSpan.FromMilliseconds(_random.Next(300, 3000)),
                    () =>
                    {
                        mend();
                        _isBroken = false;
                    }
                );
                break;
            case 4 or 5 when _hosts.Add(victim.Host):
                workers.Hosts.CutOff(victim.Host);
                Last($"host {victim.Host} cut off", beyondLease, () => Restore(victim.Host));
                break;
            case 6 when _hosts.Add(victim.Host):
                int percent = _random.Next(5, 31);
                workers.Hosts.Disturb(victim.Host, percent);
                Last($"host {victim.Host} slow, losing {percent} %", beyondLease, () => Restore(victim.Host));
                break;
            default:
                break; // it is so already
        }
    }

    private void Restore(int host)
    {
        workers.Hosts.Restore(host);
        _hosts.Remove(host);
    }

    /// <summary>As a launcher does.</summary>
    private void Replace(RoundSlot slot)
    {
        slot.Start();
        Give(slot);
    }

    private void Require(bool condition, string what) => Assert.True(condition, $"{History}: {what}");
}
