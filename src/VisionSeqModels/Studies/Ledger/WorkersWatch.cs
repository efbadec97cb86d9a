using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace VisionSeqModels.Studies;

/// <summary>Reports what other workers do to a study's listener, from a thread of its own.</summary>
internal sealed class WorkersWatch : IDisposable
{
    private const double MostTime = 0.05; // of a thread's
    private const int MostLooks = 10; // of all workers in an interval
    private readonly StudyOptions _options;
    private readonly LedgerRecords _records;
    private readonly Func<string, StudyProgress?> _about;
    private readonly TimeSpan _interval;
    private readonly Dictionary<string, LedgerTrial> _seen = new(StringComparer.Ordinal);
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;
    private int _workers;

    /// <param name="options">The ledger, the listener, and who this worker is.</param>
    /// <param name="records">What trials have come to when the study begins.</param>
    /// <param name="about">Says of a trial which one of the study it is; null for none.</param>
    /// <param name="interval">The time between two looks, at least; null for a second.</param>
    public WorkersWatch(
        StudyOptions options,
        LedgerRecords records,
        Func<string, StudyProgress?> about,
        TimeSpan? interval = null
    )
    {
        (_options, _records, _about) = (options, records, about);
        _interval = interval ?? TimeSpan.FromSeconds(1);
        foreach (var trial in records.Trials.Where(IsOver))
        {
            _seen[trial.Trial] = trial; // reported as done before
        }

        _thread = new Thread(Watch) { Name = "other workers", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Looks once more, and ends.</summary>
    /// <exception cref="IOException">The ledger cannot be reached.</exception>
    public void Close()
    {
        Dispose();
        _failure?.Throw();
        Look();
    }

    public void Dispose()
    {
        _end.Set();
        _thread.Join();
    }

    private void Watch()
    {
        for (var pause = _interval; !_end.Wait(pause) && _failure is null; )
        {
            long begin = Stopwatch.GetTimestamp();
            try
            {
                Look();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Whoever works reports it.
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e); // the listener's
            }

            pause = Pause(_interval, Stopwatch.GetElapsedTime(begin), _workers);
        }
    }

    /// <summary>The time until the next look: longer where a look takes long, and where many workers look.</summary>
    internal static TimeSpan Pause(TimeSpan interval, TimeSpan took, int workers) =>
        new[] { interval, took / MostTime, interval * workers / MostLooks }.Max();

    private void Look()
    {
        var trials = _options.Ledger!.Trials();
        _workers = trials.Where(trial => trial.Status == LedgerTrialStatus.Claimed).DistinctBy(trial => trial.Worker).Count();
        foreach (var trial in trials)
        {
            var before = _seen.GetValueOrDefault(trial.Trial);
            bool isOwn = trial.Worker == _options.WorkerName,
                isOld = trial == before || (before?.Version == trial.Version && before.Position == trial.Position);
            var report = !isOwn && !isOld && _about(trial.Trial) is StudyProgress about ? Report(trial, before, about) : null;
            _seen[trial.Trial] = trial; // not sooner: of what the ledger fails to read the next look reports
            if (report is not null)
            {
                _options.Progress!.Report(report);
            }
        }
    }

    private StudyProgress? Report(LedgerTrial trial, LedgerTrial? before, StudyProgress about)
    {
        var at = about with
        {
            Worker = trial.Worker,
            Epoch = trial.Position?.Epoch ?? 0,
            Epochs = trial.Position?.Epochs ?? 0,
            EpochFraction = trial.Position?.EpochFraction,
        };
        return trial.Status switch
        {
            LedgerTrialStatus.Claimed when before?.Token != trial.Token => at with { Event = TrialEvent.Started },
            LedgerTrialStatus.Claimed => at with { Event = TrialEvent.Training },
            LedgerTrialStatus.Released when before is null => null,
            LedgerTrialStatus.Released => at with { Event = TrialEvent.Paused, Reason = trial.Reason },
            _ when before is not null && IsOver(before) => null,
            _ => Ended(trial, at),
        };
    }

    private StudyProgress Ended(LedgerTrial trial, StudyProgress at)
    {
        var record = _records.Read(trial);
        return at with
        {
            Event = TrialEvent.Ended,
            Outcome = trial.Status == LedgerTrialStatus.Failed ? StopReason.Failed : record?.Status ?? StopReason.Completed,
            Reason = trial.Reason ?? record?.StopMessage,
            Record = record?.Epochs.LastOrDefault(epoch => !epoch.IsPartial),
        };
    }

    private static bool IsOver(LedgerTrial trial) => trial.Status is LedgerTrialStatus.Completed or LedgerTrialStatus.Failed;
}
