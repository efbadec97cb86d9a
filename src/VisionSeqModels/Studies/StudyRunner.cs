using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using TorchSharp;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;

namespace VisionSeqModels.Studies;

/// <summary>Runs the trials of a study that are not over, some at once.</summary>
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
    private readonly FoldData _data = new(data, plan.Folds);
    private readonly TrialObjects _objects = new();
    private readonly BuiltTrials _built = new();
    private readonly List<(StudySetting<TSetting> Setting, TrialKey Key)> _trials = [];
    private readonly object _schedule = new(); // whoever waits for a trial waits for its pulse; it also guards the trials
    private string _monitor = "";
    private int _underWay;
    private bool _isGivenUp;

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
            _built.Discard();
        }
    }

    private StudyFile RunAll(CancellationToken cancellationToken)
    {
        var (atOnce, threads) = TrialThreads.Of(options, data, TrialCount);
        var before = StudyFile.Find(folder);
        var search = plan.Search?.Begin(before);
        _trials.AddRange((search?.Asked ?? plan.Settings).SelectMany(TrialsOf));
        var monitor = before is null ? StudyMonitor.Of(options, Metrics(), HeldOut) : StudyMonitor.Of(options, before);
        _monitor = monitor.Name;
        var record = StudyRecord.Begin(
            folder,
            new StudyFile
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
            }
        );
        record.Mark(
            TrialChanges.Of(
                folder,
                _trials.Select(trial => record.Of(trial.Key)),
                (i, entry) => Setup(_trials[i].Setting, entry),
                options.AcceptChanges
            )
        );
        record.Save();
        List<TrialJob> jobs = [.. _trials.Select((trial, i) => new TrialJob(i + 1, record.Of(trial.Key)))];
        var waiting = jobs.FindAll(job => !IsOver(job, record));
        ITrialSchedule schedule =
            search is not null
                ? new SearchOrder<TSetting>(search, jobs, waiting, setting => Add(setting, record), trial => Score(trial, record))
            : options.Halving is null ? new PlanOrder(waiting)
            : new SuccessiveHalving(options.Halving, jobs, record.File, record.HistoryOf);

        using var own = new ThreadCount(torch.get_num_threads()); // for threads to come, whatever those of the trials set
        TrialThreads.Run(atOnce, () => Work(schedule, record, threads, cancellationToken));
        record.Close();
        return record.File;
    }

    /// <summary>One trial after another, until there is none.</summary>
    private void Work(ITrialSchedule schedule, StudyRecord record, int threads, CancellationToken cancellationToken)
    {
        using var count = new ThreadCount(threads);
        while (Take(schedule, cancellationToken) is TrialJob job)
        {
            TrainingHistory? history = null;
            Exception? failure = null;
            try
            {
                history = Train(job, cancellationToken);
            }
            catch (Exception e)
            {
                failure = e; // a row of the study, unless it ends the study
            }

            var shared = SharedObject(failure);
            try
            {
                record.Ended(job.Trial, failure, canTryAgain: shared is not null);
                ReportEnd(job, history, failure);
            }
            finally
            {
                lock (_schedule)
                {
                    schedule.Ended(job, history ?? record.HistoryOf(job.Trial), failed: failure is not null);
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

    private TrialJob? Take(ITrialSchedule schedule, CancellationToken cancellationToken)
    {
        lock (_schedule)
        {
            while (!cancellationToken.IsCancellationRequested && !_isGivenUp)
            {
                if (schedule.Next() is TrialJob job)
                {
                    _underWay++;
                    return job;
                }

                if (_underWay == 0)
                {
                    return null;
                }

                Monitor.Wait(_schedule);
            }

            return null;
        }
    }

    private TrainingHistory Train(TrialJob job, CancellationToken cancellationToken)
    {
        var (setting, key) = TrialOf(job);
        string path = Path.Combine(folder, job.Trial.Folder);
        options.Progress?.Report(About(job, TrialEvent.Started));
        var trial = _built.Take(key, () => Make(setting, key));
        using var model = trial.Model;
        var trainer = new Trainer(OptionsOf(trial, key.Seed) with { RunDirectory = path, Factors = setting.Factors }, logger);
        var part = _data.Of(key);
        bool resumes = RunDirectory.CanResume(path);
        if (!resumes)
        {
            StudyMonitor.Check(_monitor, MetricsOf(trial, key));
            TrialSetup.Write(TrialSetup.Of(job.Trial, trial, trainer.Options, part), path);
        }

        _objects.Read(key, part, trainer.Options.BatchSize);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (var callback in trial.Callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        if (options.Progress is not null)
        {
            trainer.Callbacks.Add(new TrialProgress(options.Progress, About(job, TrialEvent.Training)));
        }

        if (job.UntilEpoch is int epoch)
        {
            trainer.Callbacks.Add(new RungStop(epoch, stop));
        }

        return resumes ? trainer.Resume(path, model, part, stop.Token) : trainer.Fit(model, part, stop.Token);
    }

    /// <summary>What the user's function builds for a trial, which no other trial has a part of.</summary>
    private StudyTrial Make(StudySetting<TSetting> setting, TrialKey key)
    {
        StudyTrial trial;
        try
        {
            trial = GlobalGenerator.WithSeed(key.Seed, () => make(setting.Value, key.Seed));
        }
        catch (Exception e) when (_objects.IsOfDisposed(e))
        {
            throw new SharedTrialObjectException(
                $"The function of the study threw for the trial '{key}': {e.Message} It used what has been disposed, as all that "
                    + "a model holds is when its trial ends. Build each trial's model whole within the function."
            );
        }

        _objects.Claim(trial, key); // before anything disposes a model that another trial trains
        return trial;
    }

    /// <summary>The trial's options with what the study sets.</summary>
    private TrainerOptions OptionsOf(StudyTrial trial, long seed) =>
        trial.Options with
        {
            Seed = seed,
            Epochs = options.Halving?.MaximumEpochs ?? trial.Options.Epochs,
        };

    /// <summary>What a trial is built with now, without running it.</summary>
    private JsonObject Setup(StudySetting<TSetting> setting, StudyFile.Entry entry)
    {
        var trial = Make(setting, entry.Key);
        using var model = trial.Model;
        return TrialSetup.Of(entry, trial, OptionsOf(trial, entry.Seed), _data.Of(entry.Key));
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
            Division: _data.HashOf(trial.Key.Seed)
        );

    private (StudySetting<TSetting> Setting, TrialKey Key) TrialOf(TrialJob job)
    {
        lock (_schedule)
        {
            return _trials[job.Number - 1];
        }
    }

    /// <summary>Takes a setting into the study while it runs; called by the schedule, which one thread at a time uses.</summary>
    private List<TrialJob> Add(StudySetting<TSetting> setting, StudyRecord record)
    {
        int first = _trials.Count + 1;
        _trials.AddRange(TrialsOf(setting));
        record.Add(_trials[(first - 1)..].Select(EntryOf));
        return [.. _trials[(first - 1)..].Select((trial, i) => new TrialJob(first + i, record.Of(trial.Key)))];
    }

    /// <summary>What a trial that is over came to, more being better; null where that is undefined.</summary>
    private double? Score(StudyFile.Entry trial, StudyRecord record)
    {
        var history = record.HistoryOf(trial);
        bool isSound = history is { StopReason: StopReason.Completed or StopReason.StoppedEarly };
        double? value = isSound
            ? history!.Epochs.LastOrDefault(epoch => epoch is { IsPartial: false, IsFinite: true })?[_monitor]
            : null;
        return value is not double score || !double.IsFinite(score) ? null
            : record.File.HigherIsBetter ? score
            : -score;
    }

    /// <summary>What the metrics begin with of the data that settings are compared on.</summary>
    private string HeldOut => plan.Folds is not null && data.Test is not null ? "val" : "test";

    /// <summary>What the trials measure, as the first says that can be built; null where none can.</summary>
    private MetricCatalog? Metrics() =>
        _trials
            .Select(one =>
                _built.Build(one.Key, () => Make(one.Setting, one.Key)) is StudyTrial trial ? MetricsOf(trial, one.Key) : null
            )
            .FirstOrDefault(metrics => metrics is not null);

    private MetricCatalog MetricsOf(StudyTrial trial, TrialKey key) =>
        FitMetrics.Of(trial.Options.For(trial.Model), _data.Of(key), trial.Callbacks);

    private static IEnumerable<int?> FoldsOf(StudyPlan<TSetting> plan) =>
        plan.Folds is null ? [null] : Enumerable.Range(1, plan.Folds.Run).Select(fold => (int?)fold);

    private static SharedTrialObjectException? SharedObject(Exception? failure)
    {
        while (failure is not (null or SharedTrialObjectException))
        {
            failure = failure.InnerException;
        }

        return (SharedTrialObjectException?)failure;
    }

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

    private bool IsOver(TrialJob job, StudyRecord record)
    {
        bool over =
            job.Trial.IsOver
            || (
                !job.Trial.CanTryAgain
                && record.HistoryOf(job.Trial) is { StopReason: not (StopReason.Running or StopReason.Cancelled) }
            );
        if (over)
        {
            options.Progress?.Report(About(job, TrialEvent.DoneBefore));
        }

        return over;
    }

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

    /// <summary>Ends a trial after an epoch such that it can resume from there.</summary>
    private sealed class RungStop(int untilEpoch, CancellationTokenSource stop) : Callback
    {
        public override void OnEpochEnd(EpochEndEvent e)
        {
            if (!e.Record.IsPartial && e.Record.Epoch >= untilEpoch)
            {
                stop.Cancel();
            }
        }
    }
}
