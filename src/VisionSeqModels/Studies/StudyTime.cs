namespace VisionSeqModels.Studies;

/// <summary>When a study will be over, from what its trials have done since this process began. A trial counts one, whatever
/// its setting. What was done before does not count.</summary>
internal sealed class StudyTime(TimeProvider clock)
{
    private const double LeastWork = 0.02; // of one trial
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(2);
    private readonly Dictionary<int, (double From, double At)> _trials = [];
    private readonly HashSet<int> _over = [];
    private readonly long _begin = clock.GetTimestamp();
    private bool _isHalved;

    public void See(StudyProgress trial)
    {
        _isHalved |= trial.Event == TrialEvent.Paused; // which trials continue is not known before
        if (trial.Event is TrialEvent.DoneBefore or TrialEvent.Ended)
        {
            _over.Add(trial.Trial);
        }

        if (trial is { Event: TrialEvent.Training or TrialEvent.Evaluating or TrialEvent.EpochEnd, Epochs: > 0 })
        {
            double epochs = trial.Epoch - 1 + (trial.Event == TrialEvent.Training ? trial.EpochFraction ?? 0 : 1);
            double at = Math.Clamp(epochs / trial.Epochs, 0, 1);
            _trials[trial.Trial] = (_trials.TryGetValue(trial.Trial, out var known) ? known.From : at, at);
        }
        else if (trial.Event == TrialEvent.Ended && _trials.TryGetValue(trial.Trial, out var known))
        {
            _trials[trial.Trial] = known with { At = 1 };
        }
    }

    /// <summary>The time to the end of the study; null where too little is known.</summary>
    /// <param name="trials">How many trials there are.</param>
    public TimeSpan? Remaining(int trials)
    {
        double done = _trials.Values.Sum(trial => trial.At - trial.From),
            left = trials - _over.Count - _trials.Where(trial => !_over.Contains(trial.Key)).Sum(trial => trial.Value.At);
        var since = clock.GetElapsedTime(_begin);
        return _isHalved || done < LeastWork || since < LeastTime ? null : since * (Math.Max(0, left) / done);
    }
}
