using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp;
using VisionSeqModels.Core;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Studies;

/// <summary>Runs the trials of a study that are not over, some at once; over a ledger those that other processes leave to
/// it.</summary>
/// <remarks>Trials at once are threads, with one copy of the data; docs/decisions/0008-parallel-trials.md says why.</remarks>
internal sealed class StudyRunner<TSetting>(
    string folder,
    StudyPlan<TSetting> plan,
    Func<TSetting, long, StudyTrial> make,
    FitData data,
    StudyOptions options,
    ILogger? logger
)
{
    private readonly TrialFactory<TSetting> _factory = new(make, data, plan.Folds, options);
    private readonly List<(StudySetting<TSetting> Setting, TrialKey Key)> _trials = [];
    private readonly object _schedule = new(); // whoever waits for a trial waits for its pulse; it also guards the trials
    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private readonly LedgerRecords? _shared = options.Ledger is null ? null : new LedgerRecords(options.Ledger, folder);
    private readonly IRecordStore _store = options.Ledger is null
        ? new FolderRecordStore(folder)
        : new LedgerRecordStore(options.Ledger, folder);
    private readonly FolderRecords _own = new(folder);
    private StudySearch<TSetting>.Run? _search;
    private string _monitor = "";
    private int _underWay;
    private bool _isGivenUp;

    /// <summary>What the trials have come to.</summary>
    public ITrialRecords Records => (ITrialRecords?)_shared ?? _own;

    /// <summary>How many trials there will be.</summary>
    private int TrialCount =>
        (plan.Search?.Count ?? plan.Settings.Count) * options.SeedsOf(plan.Repeats).Count * (plan.Folds?.Run ?? 1);

    public StudyFile Run(CancellationToken cancellationToken)
    {
        try
        {
            return RunAll(cancellationToken);
        }
        finally
        {
            _factory.Discard();
        }
    }

    private StudyFile RunAll(CancellationToken cancellationToken)
    {
        var (atOnce, threads) = TrialThreads.Of(options, data, TrialCount);
        var machine = WorkerMachine.Current(threads);
        var record = Begin(atOnce);
        var source = Source(record, machine, cancellationToken);
        using (cancellationToken.Register(Wake))
        using (var own = new ThreadCount(torch.get_num_threads())) // for threads to come, whatever those of the trials set
        using (
            var watch =
                _shared is null || options.Progress is null ? null : new WorkersWatch(options, _shared, AboutShared(record))
        )
        {
            TrialThreads.Run(atOnce, () => Work(source, threads, cancellationToken));
            watch?.Close();
        }

        if (_shared is not null)
        {
            record.Reload();
            return LedgerMirror.Update(options.Ledger!, folder, record.File, _shared);
        }

        record.Close();
        return record.File;
    }

    /// <summary>Writes the record with what is new in it.</summary>
    private StudyRecord Begin(int atOnce)
    {
        for (; ; )
        {
            _shared?.Refresh();
            var before = _store.Find();
            _search = plan.Search?.Begin(before);
            _trials.Clear();
            _trials.AddRange((_search?.Asked ?? plan.Settings).SelectMany(TrialsOf));
            var monitor = before is null
                ? StudyMonitor.Of(options, _factory.Metrics(_trials), HeldOut)
                : StudyMonitor.Of(options, before);
            _monitor = monitor.Name;
            var record = StudyRecord.Begin(folder, New(monitor, atOnce), before, _store, Records);
            record.Mark(
                TrialChanges.Of(
                    folder,
                    Records,
                    _trials.Select(trial => record.Of(trial.Key)),
                    (i, entry) => _factory.Setup(_trials[i].Setting, entry),
                    options.AcceptChanges
                )
            );
            if (record.Save())
            {
                return record;
            }

            _factory.Discard(); // another worker has begun the study meanwhile
        }
    }

    private StudyFile New(StudyMonitor monitor, int atOnce) =>
        new()
        {
            Question = options.Question,
            Monitor = monitor.Name,
            HigherIsBetter = monitor.HigherIsBetter,
            Command = options.Command,
            Halving = options.Halving,
            ParallelTrials = atOnce,
            Folds = plan.Folds,
            Plan = plan.Kind,
            EquivalenceMargin = options.EquivalenceMargin,
            Trials = [.. _trials.Select(EntryOf)],
        };

    private ITrialSource Source(StudyRecord record, WorkerMachine machine, CancellationToken cancellationToken)
    {
        foreach (var job in Jobs(record).Where(job => IsOver(job, record)))
        {
            options.Progress?.Report(About(job, TrialEvent.DoneBefore));
        }

        return _shared is null
            ? new OwnTrials(folder, Schedule(record), record, machine)
            : new SharedTrials(folder, options, _shared, record, machine, () => Schedule(record), _logger, cancellationToken);
    }

    private List<TrialJob> Jobs(StudyRecord record) =>
        [.. _trials.Select((trial, i) => new TrialJob(i + 1, record.Of(trial.Key)))];

    /// <summary>The order of the trials that are left, as all of them are now.</summary>
    private ITrialSchedule Schedule(StudyRecord record)
    {
        if (_shared is not null && plan.Search is not null)
        {
            record.Reload();
            _search = plan.Search.Begin(record.File);
            _trials.Clear();
            _trials.AddRange(_search.Asked.SelectMany(TrialsOf));
        }

        var jobs = Jobs(record);
        var waiting = jobs.FindAll(job => !IsOver(job, record) && options.Shard?.Has(job.Number) != false);
        return _search is not null
                ? new SearchOrder<TSetting>(_search, jobs, waiting, setting => Add(setting, record), record.ScoreOf)
            : options.Halving is null ? new PlanOrder(waiting)
            : new SuccessiveHalving(options.Halving, jobs, record.File, record.HistoryOf, IsElsewhere);
    }

    /// <summary>One trial after another, until there is none.</summary>
    private void Work(ITrialSource source, int threads, CancellationToken cancellationToken)
    {
        using var count = new ThreadCount(threads);
        while (Take(source, cancellationToken) is TrialSession session)
        {
            using var taken = session;
            TrainingHistory? history = null;
            Exception? failure = null;
            try
            {
                history = Train(session, cancellationToken);
            }
            catch (Exception e)
            {
                failure = e; // a row of the study, unless it ends the study
            }

            var shared = SharedTrialObjectException.In(failure);
            try
            {
                Keep(source, session, history, failure, canTryAgain: shared is not null);
            }
            finally
            {
                lock (_schedule)
                {
                    source.Ended(session, history, failed: failure is not null);
                    _underWay--;
                    _isGivenUp |= shared is not null;
                    Monitor.PulseAll(_schedule);
                }
            }

            if (shared is not null)
            {
                throw shared;
            }
        }
    }

    private void Keep(ITrialSource source, TrialSession session, TrainingHistory? history, Exception? failure, bool canTryAgain)
    {
        try
        {
            source.Keep(session, history, failure, canTryAgain);
        }
        catch (StaleClaimException e)
        {
            LogMessages.ClaimLost(_logger, e.Message);
            options.Progress?.Report(About(session.Job, TrialEvent.Lost) with { Reason = e.Message, Worker = e.Newest.Worker });
            return;
        }

        ReportEnd(session.Job, history, failure);
    }

    /// <summary>Lets nobody wait any longer for a trial. Whoever cancels is not kept by a ledger that is being asked.</summary>
    private void Wake() =>
        ThreadPool.QueueUserWorkItem(_ =>
        {
            lock (_schedule)
            {
                Monitor.PulseAll(_schedule);
            }
        });

    private TrialSession? Take(ITrialSource source, CancellationToken cancellationToken)
    {
        lock (_schedule)
        {
            while (!cancellationToken.IsCancellationRequested && !_isGivenUp)
            {
                if (source.Next() is TrialSession session)
                {
                    _underWay++;
                    return session;
                }

                if (_underWay == 0 && !source.MayGetMore)
                {
                    return null;
                }

                Monitor.Wait(_schedule, source.Pause);
            }

            return null;
        }
    }

    private TrainingHistory Train(TrialSession session, CancellationToken cancellationToken)
    {
        var job = session.Job;
        var (setting, key) = TrialOf(job);
        options.Progress?.Report(About(job, TrialEvent.Started));
        var trial = _factory.Take(setting, key);
        using var model = trial.Model;
        var trainer = new Trainer(
            _factory.OptionsOf(trial, key.Seed) with
            {
                RunDirectory = session.Folder,
                Factors = setting.Factors,
            },
            logger
        );
        var part = _factory.DataOf(key);
        bool resumes = RunDirectory.CanResume(session.Folder);
        if (!resumes)
        {
            StudyMonitor.Check(_monitor, _factory.MetricsOf(trial, key));
            TrialSetup.Write(TrialSetup.Of(job.Trial, trial, trainer.Options, part), session.Folder);
        }

        _factory.Read(key, part, trainer.Options.BatchSize);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, session.Token);
        Callback?[] callbacks =
        [
            .. trial.Callbacks,
            options.Progress is null ? null : new TrialProgress(options.Progress, About(job, TrialEvent.Training)),
            job.UntilEpoch is int epoch ? new RungStop(epoch, stop) : null,
            session.Watch(),
        ];
        foreach (var callback in callbacks.OfType<Callback>())
        {
            trainer.Callbacks.Add(callback);
        }

        return resumes ? trainer.Resume(session.Folder, model, part, stop.Token) : trainer.Fit(model, part, stop.Token);
    }

    private IEnumerable<(StudySetting<TSetting> Setting, TrialKey Key)> TrialsOf(StudySetting<TSetting> setting) =>
        from seed in options.SeedsOf(plan.Repeats)
        from fold in FoldsOf(plan)
        select (setting, new TrialKey(setting.Name, seed, fold));

    private StudyFile.Entry EntryOf((StudySetting<TSetting> Setting, TrialKey Key) trial) =>
        new(
            trial.Setting.Name,
            trial.Setting.Factors,
            trial.Key.Seed,
            Folder: "",
            Fold: trial.Key.Fold,
            Division: _factory.DivisionOf(trial.Key.Seed)
        );

    private (StudySetting<TSetting> Setting, TrialKey Key) TrialOf(TrialJob job)
    {
        lock (_schedule)
        {
            return _trials[job.Number - 1];
        }
    }

    /// <summary>Takes a setting into the study while it runs; called by the schedule, which one thread at a time uses.</summary>
    /// <exception cref="RecordChangedException">Another process has taken one in meanwhile.</exception>
    private List<TrialJob> Add(StudySetting<TSetting> setting, StudyRecord record)
    {
        int first = _trials.Count + 1;
        var added = TrialsOf(setting).ToList();
        if (!record.Add(added.Select(EntryOf)))
        {
            throw new RecordChangedException();
        }

        _trials.AddRange(added);
        return [.. added.Select((trial, i) => new TrialJob(first + i, record.Of(trial.Key)))];
    }

    /// <summary>What the metrics begin with of the data that settings are compared on.</summary>
    private string HeldOut => plan.Folds is not null && data.Test is not null ? "val" : "test";

    private static IEnumerable<int?> FoldsOf(StudyPlan<TSetting> plan) =>
        plan.Folds is null ? [null] : Enumerable.Range(1, plan.Folds.Run).Select(fold => (int?)fold);

    private void ReportEnd(TrialJob job, TrainingHistory? history, Exception? failure)
    {
        bool paused =
            job.UntilEpoch is int epoch
            && history is { StopReason: StopReason.Cancelled }
            && history.Epochs.Count(record => !record.IsPartial) >= epoch;
        options.Progress?.Report(
            About(job, paused ? TrialEvent.Paused : TrialEvent.Ended) with
            {
                Epoch = history?.Epochs.Count ?? 0,
                Outcome = history?.StopReason ?? StopReason.Failed,
                Reason = failure?.Message ?? history?.StopMessage,
                Record = history?.Epochs.LastOrDefault(record => !record.IsPartial),
            }
        );
    }

    private bool IsOver(TrialJob job, StudyRecord record) =>
        _shared?.Find(job.Trial) is LedgerTrial trial
            ? trial.Status is LedgerTrialStatus.Completed or LedgerTrialStatus.Failed
            : job.Trial.IsOver
                || (
                    _shared is null
                    && !job.Trial.CanTryAgain
                    && record.HistoryOf(job.Trial) is { StopReason: not (StopReason.Running or StopReason.Cancelled) }
                );

    /// <summary>Whether a worker has the trial now.</summary>
    private bool IsElsewhere(StudyFile.Entry trial) =>
        _shared?.Find(trial) is { Status: LedgerTrialStatus.Claimed, IsLeaseOver: false };

    /// <summary>Reports of trials that other workers have.</summary>
    private Func<string, StudyProgress?> AboutShared(StudyRecord record) =>
        name =>
        {
            lock (_schedule)
            {
                var entry = record.File.Trials.FirstOrDefault(trial => trial.Folder == name);
                int i = _trials.FindIndex(trial => trial.Key == entry?.Key);
                return i < 0 ? null : About(new TrialJob(i + 1, entry!), TrialEvent.Training);
            }
        };

    private StudyProgress About(TrialJob job, TrialEvent what) =>
        new()
        {
            Event = what,
            Trial = job.Number,
            TrialCount = TrialCount,
            Setting = job.Trial.Setting,
            Seed = job.Trial.Seed,
            Fold = job.Trial.Fold,
        };
}
