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
    private readonly List<(StudySetting<TSetting> Setting, long Seed)> _trials =
    [
        .. plan.Settings.SelectMany(setting => options.Seeds.Select(seed => (setting, seed))),
    ];
    private readonly object _schedule = new(); // whoever waits for a trial waits for its pulse
    private int _underWay;

    public StudyFile Run(CancellationToken cancellationToken)
    {
        var (atOnce, threads) = TrialThreads.Of(options, data, _trials.Count);
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
                Trials =
                [
                    .. _trials.Select(trial => new StudyFile.Entry(
                        trial.Setting.Name,
                        trial.Setting.Factors,
                        trial.Seed,
                        Folder: ""
                    )),
                ],
            }
        );
        List<TrialJob> jobs = [.. _trials.Select((trial, i) => new TrialJob(i + 1, record.Of(trial.Setting.Name, trial.Seed)))];
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
                failure = e; // a row of the study
            }

            try
            {
                record.Ended(job.Trial, failure);
                ReportEnd(job, history, failure);
            }
            finally
            {
                lock (_schedule)
                {
                    schedule.Ended(job, history ?? record.HistoryOf(job.Trial), failed: failure is not null);
                    _underWay--;
                    Monitor.PulseAll(_schedule);
                }
            }
        }
    }

    private TrialJob? Take(ITrialSchedule schedule, CancellationToken cancellationToken)
    {
        lock (_schedule)
        {
            while (!cancellationToken.IsCancellationRequested)
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
        var (setting, seed) = _trials[job.Number - 1];
        string path = Path.Combine(folder, job.Trial.Folder);
        options.Progress?.Report(About(job, TrialEvent.Started));
        var trial = GlobalGenerator.WithSeed(seed, () => make(setting.Value, seed));
        using var model = trial.Model;
        var trainer = new Trainer(
            trial.Options with
            {
                Seed = seed,
                RunDirectory = path,
                Epochs = options.Halving?.MaximumEpochs ?? trial.Options.Epochs,
            },
            logger
        );
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

        return RunDirectory.CanResume(path)
            ? trainer.Resume(path, model, data, stop.Token)
            : trainer.Fit(model, data, stop.Token);
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
