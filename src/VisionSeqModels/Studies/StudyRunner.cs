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
    private readonly List<(StudySetting<TSetting> Setting, TrialKey Key)> _trials =
    [
        .. from setting in plan.Settings
        from seed in options.SeedsOf(plan.Repeats)
        from fold in FoldsOf(plan)
        select (setting, new TrialKey(setting.Name, seed, fold)),
    ];
    private readonly object _schedule = new(); // whoever waits for a trial waits for its pulse
    private int _underWay;
    private bool _isGivenUp;

    public StudyFile Run(CancellationToken cancellationToken)
    {
        var (atOnce, threads) = TrialThreads.Of(options, data, _trials.Count);
        var divisions = options.SeedsOf(plan.Repeats).ToDictionary(seed => seed, _data.HashOf);
        var record = StudyRecord.Begin(
            folder,
            new StudyFile
            {
                Question = options.Question,
                Monitor = options.Monitor,
                HigherIsBetter = options.HigherIsBetter,
                Command = options.Command,
                Halving = options.Halving,
                ParallelTrials = atOnce,
                Folds = plan.Folds,
                Plan = plan.Kind,
                EquivalenceMargin = options.EquivalenceMargin,
                Trials =
                [
                    .. _trials.Select(trial => new StudyFile.Entry(
                        trial.Setting.Name,
                        trial.Setting.Factors,
                        trial.Key.Seed,
                        Folder: "",
                        Fold: trial.Key.Fold,
                        Division: divisions[trial.Key.Seed]
                    )),
                ],
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
        ITrialSchedule schedule = options.Halving is null
            ? new PlanOrder(waiting)
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
        var (setting, key) = _trials[job.Number - 1];
        string path = Path.Combine(folder, job.Trial.Folder);
        options.Progress?.Report(About(job, TrialEvent.Started));
        var trial = Make(setting, key);
        using var model = trial.Model;
        var trainer = new Trainer(OptionsOf(trial, key.Seed) with { RunDirectory = path }, logger);
        var part = _data.Of(key);
        bool resumes = RunDirectory.CanResume(path);
        if (!resumes)
        {
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
            TrialCount = _trials.Count,
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
