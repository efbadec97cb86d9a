using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Runtime;
using VisionSeqModels.Training;

namespace VisionSeqModels.Studies;

/// <summary>Runs the trials of a study that are not over, some at once.</summary>
/// <remarks>Trials at once are threads, with one copy of the data; docs/decisions/0020-parallel-trials.md tells why.</remarks>
internal sealed class StudyRunner<TSetting>(string folder, StudyPlan<TSetting> plan, Func<TSetting, long, StudyTrial> make, FitData data, StudyOptions options, ILogger? logger)
{
    private readonly List<(StudySetting<TSetting> Setting, long Seed)> _trials = [.. plan.Settings.SelectMany(setting => options.Seeds.Select(seed => (setting, seed)))];
    private readonly object _schedule = new(); // whoever waits for a trial waits for its pulse
    private int _underWay;

    public StudyFile Run(CancellationToken cancellationToken)
    {
        int atOnce = TrialsAtOnce();
        int threads = options.ThreadsPerTrial ?? Math.Max(1, torch.get_num_threads() / atOnce);
        var record = StudyRecord.Begin(folder, new StudyFile
        {
            Question = options.Question, Monitor = options.Monitor, HigherIsBetter = options.HigherIsBetter, Command = options.Command, Halving = options.Halving, ParallelTrials = atOnce,
            Trials = [.. _trials.Select(trial => new StudyFile.Entry(trial.Setting.Name, trial.Setting.Factors, trial.Seed, Folder: ""))],
        });
        List<TrialJob> jobs = [.. _trials.Select((trial, i) => new TrialJob(i + 1, record.Of(trial.Setting.Name, trial.Seed)))];
        var waiting = jobs.FindAll(job => !IsOver(job, record));
        ITrialSchedule schedule = options.Halving is null ? new PlanOrder(waiting) : new SuccessiveHalving(options.Halving, jobs, record.File, record.HistoryOf);

        using var own = new ThreadCount(torch.get_num_threads()); // for threads to come, whatever those of the trials set
        if (atOnce == 1)
        {
            Work(schedule, record, threads, cancellationToken);
        }
        else
        {
            WorkTogether(atOnce, () => Work(schedule, record, threads, cancellationToken));
        }

        record.Close();
        return record.File;
    }

    /// <summary>Does the same on some threads; what the first of them throws is thrown when all are done.</summary>
    private static void WorkTogether(int threads, Action work)
    {
        ExceptionDispatchInfo? failure = null;
        Thread[] workers = [.. Enumerable.Range(1, threads).Select(i => new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
            }
        }) { Name = $"trials {i}" })];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        failure?.Throw();
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
                Tell(job, history, failure);
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
        var trainer = new Trainer(trial.Options with { Seed = seed, RunDirectory = path, Epochs = options.Halving?.MaxEpochs ?? trial.Options.Epochs }, logger);
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

        return RunDirectory.CanResume(path) ? trainer.Resume(path, model, data, stop.Token) : trainer.Fit(model, data, stop.Token);
    }

    private void Tell(TrialJob job, TrainingHistory? history, Exception? failure)
    {
        bool paused = job.UntilEpoch is int epoch && history is { StopReason: StopReason.Cancelled } && history.Epochs.Count(record => !record.IsPartial) >= epoch;
        options.Progress?.Report(About(job, paused ? TrialEvent.Paused : TrialEvent.Ended) with
        {
            Epoch = history?.Epochs.Count ?? 0, Outcome = history?.StopReason ?? StopReason.Failed, Reason = failure?.Message ?? history?.StopMessage,
            Record = history?.Epochs.LastOrDefault(record => !record.IsPartial),
        });
    }

    private bool IsOver(TrialJob job, StudyRecord record)
    {
        bool over = job.Trial.IsOver || (!job.Trial.CanTryAgain && record.HistoryOf(job.Trial) is { StopReason: not (StopReason.Running or StopReason.Cancelled) });
        if (over)
        {
            options.Progress?.Report(About(job, TrialEvent.DoneBefore));
        }

        return over;
    }

    private StudyProgress About(TrialJob job, TrialEvent what) => new() { Event = what, Trial = job.Number, TrialCount = _trials.Count, Setting = job.Trial.Setting, Seed = job.Trial.Seed };

    /// <summary>As many as the plan's trials and libtorch's threads allow; never dependent on what is done already, so that a study that goes on gives each trial the threads that it had.</summary>
    private int TrialsAtOnce()
    {
        var unsafeSource = new[] { data.Train, data.Validation, data.Test }.OfType<IBatchSource>().FirstOrDefault(source => !source.SupportsConcurrentReads);
        if (options.ParallelTrials > 1 && unsafeSource is not null)
        {
            throw new ArgumentException(
                $"StudyOptions.ParallelTrials is {options.ParallelTrials}, but the data '{unsafeSource.Name}' ({unsafeSource.GetType().Name}) does not support being read by several trials at once: its SupportsConcurrentReads is false. Set ParallelTrials to 1, or have the data support it.");
        }

        return options.ParallelTrials ?? (unsafeSource is not null || torch.cuda.is_available() ? 1 : Math.Min(torch.get_num_threads(), _trials.Count));
    }
}
