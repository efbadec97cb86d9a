namespace VisionSeqModels.Runs;

/// <summary>Seconds of work, counted on from what was saved.</summary>
internal sealed class RunClock
{
    private double _before;
    private long _begin = TimeProvider.System.GetTimestamp();

    public double Seconds => _before + TimeProvider.System.GetElapsedTime(_begin).TotalSeconds;

    public void Restart(double before = 0)
    {
        _before = before;
        _begin = TimeProvider.System.GetTimestamp();
    }
}
