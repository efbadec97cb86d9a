namespace VisionSeqModels;

/// <summary>When a run will be over, from the steps and the epochs' ends that this process has seen. What a run did before it
/// was resumed does not count: that was another process, perhaps on another machine.</summary>
internal sealed class RemainingTime(TimeProvider clock)
{
    private const int LeastSteps = 3;
    private long? _last; // the end of the last step in this process
    private long _steps;
    private TimeSpan _stepTime;
    private long _ends;
    private TimeSpan _endTime; // from an epoch's last step to the next epoch's first: evaluation, files, pictures
    private bool _isBetween;

    public void EpochBegins() => _isBetween = _last is not null;

    public void StepEnds()
    {
        long now = clock.GetTimestamp();
        if (_last is long last)
        {
            var time = clock.GetElapsedTime(last, now);
            if (_isBetween)
            {
                _ends++;
                _endTime += time;
            }
            else
            {
                _steps++;
                _stepTime += time;
            }
        }

        (_last, _isBetween) = (now, false);
    }

    /// <summary>The time to the end of the run; null where too little is known.</summary>
    /// <param name="stepsDone">Steps done in the epoch.</param>
    /// <param name="stepsPerEpoch">Steps in an epoch, or null.</param>
    /// <param name="epochsLeft">Epochs after the one under way.</param>
    public TimeSpan? Of(int stepsDone, long? stepsPerEpoch, int epochsLeft)
    {
        if (_last is not long last || stepsPerEpoch is not long steps || _steps + _ends < LeastSteps)
        {
            return null;
        }

        var step = _steps > 0 ? _stepTime / _steps : TimeSpan.Zero;
        var end = _ends > 0 ? _endTime / _ends : step;
        var left =
            (step * Math.Max(0, steps - stepsDone)) + (epochsLeft * (end + (step * (steps - 1)))) + (_ends > 0 ? end : default);
        var since = clock.GetElapsedTime(last); // an evaluation is under way, or a slow step
        return left > since ? left - since : TimeSpan.Zero;
    }
}
