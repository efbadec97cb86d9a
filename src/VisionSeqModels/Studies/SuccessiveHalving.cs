namespace VisionSeqModels.Studies;

/// <summary>Asynchronous successive halving; see <see cref="SuccessiveHalvingOptions"/>. All it knows comes from the
/// trials' records, so it resumes where it was.</summary>
internal sealed class SuccessiveHalving : ITrialSchedule
{
    private readonly SuccessiveHalvingOptions _options;
    private readonly int _lastRung;
    private readonly List<HalvingTrial> _trials;

    /// <param name="options">The rungs.</param>
    /// <param name="jobs">All trials, in the plan's order.</param>
    /// <param name="study">What is compared.</param>
    /// <param name="historyOf">The history of a trial as it is now: null for one that has none yet.</param>
    /// <param name="isElsewhere">Whether another process has a trial now; null where there is none.</param>
    public SuccessiveHalving(
        SuccessiveHalvingOptions options,
        IEnumerable<TrialJob> jobs,
        StudyFile study,
        Func<StudyFile.Entry, TrainingHistory?> historyOf,
        Func<StudyFile.Entry, bool>? isElsewhere = null
    )
    {
        _options = options;
        var rungs = options.Rungs();
        _lastRung = rungs.Count - 1;
        _trials = [.. jobs.Select(job => new HalvingTrial(job, rungs, study.Monitor, study.HigherIsBetter))];
        foreach (var trial in _trials)
        {
            trial.Record(historyOf(trial.Job.Trial), trial.Job.Trial.IsOver);
            trial.IsUnderWay = isElsewhere?.Invoke(trial.Job.Trial) == true;
        }
    }

    public TrialJob? Next()
    {
        var next = Interrupted() ?? Promotable() ?? New() ?? BestOfAll();
        if (next is null)
        {
            return null;
        }

        next.IsUnderWay = true;
        return next.Next;
    }

    public void Ended(TrialJob job, TrainingHistory? history, bool failed) => _trials[job.Number - 1].Record(history, failed);

    private HalvingTrial? Interrupted() => _trials.Find(trial => trial.IsBetweenRungs && Fits(trial));

    private HalvingTrial? Promotable() =>
        Enumerable
            .Range(0, _lastRung)
            .Reverse()
            .Select(rung => First(rung, _trials.Count(trial => trial.IsComparedAt(rung)) / _options.ReductionFactor))
            .FirstOrDefault(trial => trial is not null);

    private HalvingTrial? New() => _trials.Find(trial => trial is { Rung: -1, IsOver: false, IsUnderWay: false } && Fits(trial));

    /// <summary>When nothing else is left: the best goes to the end, however few there are.</summary>
    private HalvingTrial? BestOfAll()
    {
        int highest = _trials.Max(trial => trial.Rung);
        return
            _trials.Exists(trial => trial.IsUnderWay)
            || highest < 0
            || highest == _lastRung
            || _trials.Exists(trial => trial.IsOver && trial.Rung == highest && trial.ScoreAt(highest) > double.NegativeInfinity)
            ? null
            : First(highest, 1);
    }

    /// <summary>The first that waits among the best of a rung.</summary>
    private HalvingTrial? First(int rung, int best) =>
        _trials
            .Where(trial => trial.IsComparedAt(rung))
            .OrderByDescending(trial => trial.ScoreAt(rung))
            .Take(best)
            .FirstOrDefault(trial =>
                trial.IsWaiting && trial.Rung == rung && trial.ScoreAt(rung) > double.NegativeInfinity && Fits(trial)
            );

    private bool Fits(HalvingTrial trial) =>
        _options.MaximumTotalEpochs is not int most
        || _trials.Sum(other => other.Epochs + (other.IsUnderWay ? other.Cost : 0)) + trial.Cost <= most;
}
