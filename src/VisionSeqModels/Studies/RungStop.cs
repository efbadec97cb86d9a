using VisionSeqModels.Training;

namespace VisionSeqModels.Studies;

/// <summary>Ends a trial after an epoch such that it can resume from there.</summary>
internal sealed class RungStop(int untilEpoch, CancellationTokenSource stop) : Callback
{
    public override void OnEpochEnd(EpochEndEvent e)
    {
        if (!e.Record.IsPartial && e.Record.Epoch >= untilEpoch)
        {
            stop.Cancel();
        }
    }
}
