namespace VisionSeqModels.Studies;

/// <summary>A trial on the rungs of successive halving: how far it has come.</summary>
internal sealed class HalvingTrial(TrialJob job, IReadOnlyList<int> rungs, string monitor, bool higherIsBetter)
{
    private TrainingHistory? _history;

    public TrialJob Job => job;

    public bool IsUnderWay { get; set; }

    /// <summary>Whether it has ended, well or not, and goes no further.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The rung it has come to, from 0; −1 before the first.</summary>
    public int Rung { get; private set; } = -1;

    /// <summary>The full epochs it has trained.</summary>
    public int Epochs { get; private set; }

    public bool IsWaiting => Rung >= 0 && !IsOver && !IsUnderWay;

    /// <summary>Whether it was interrupted between two rungs, on its way to the higher one.</summary>
    public bool IsBetweenRungs => IsWaiting && Epochs > rungs[Rung];

    /// <summary>The epochs up to the rung after the one it is at.</summary>
    public int Cost => rungs[Rung + 1] - Epochs;

    public TrialJob Next => job with { UntilEpoch = rungs[Rung + 1] == rungs[^1] ? null : rungs[Rung + 1] };

    /// <summary>Whether it counts among those that a rung compares. One that failed on its way there does, as the
    /// worst.</summary>
    public bool IsComparedAt(int rung) => Rung >= rung || (IsOver && Rung == rung - 1);

    /// <summary>Its metric at a rung, with the sign that makes more better.</summary>
    public double ScoreAt(int rung)
    {
        double value =
            Rung < rung
                ? double.NaN
                : _history
                    ?.Epochs.LastOrDefault(epoch => !epoch.IsPartial && epoch.Epoch <= rungs[rung] && epoch[monitor] is not null)
                    ?[monitor]
                    ?? double.NaN;
        return !double.IsFinite(value) ? double.NegativeInfinity
            : higherIsBetter ? value
            : -value;
    }

    /// <summary>Takes note of its history so far.</summary>
    public void Record(TrainingHistory? history, bool failed)
    {
        _history = history;
        IsUnderWay = false;
        Epochs = history?.Epochs.Count(epoch => !epoch.IsPartial) ?? Epochs;
        bool mayContinue =
            history is null or { StopReason: StopReason.Running or StopReason.Cancelled }
            || (history.StopReason == StopReason.Failed && job.Trial.CanTryAgain);
        IsOver = failed || !mayContinue;
        int reached = rungs.Count(epochs => epochs <= Epochs) - 1;
        // one that was interrupted after its last epoch has still to end
        Rung = Math.Max(Rung, IsOver ? reached : Math.Min(reached, rungs.Count - 2));
    }
}
