using System.Diagnostics;
using VisionSeqModels.Training;

namespace VisionSeqModels.Studies;

/// <summary>Reports the progress of a trial to a study's listener. It reads no value from the device.</summary>
internal sealed class TrialProgress(IProgress<StudyProgress> listener, StudyProgress trial) : Callback
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private long _last;

    public override CallbackStage Stage => CallbackStage.Report;

    public override void OnEpochStart(EpochStartEvent e) => _last = Stopwatch.GetTimestamp();

    public override void OnStepEnd(StepEndEvent e)
    {
        if (Stopwatch.GetElapsedTime(_last) < Interval)
        {
            return;
        }

        _last = Stopwatch.GetTimestamp();
        listener.Report(
            At(e.Context, TrialEvent.Training) with
            {
                EpochFraction = e.Context.StepsPerEpoch is long steps and > 0 ? Math.Min(1, (double)e.StepInEpoch / steps) : null,
            }
        );
    }

    public override void OnEpochEnd(EpochEndEvent e) =>
        listener.Report(At(e.Context, TrialEvent.EpochEnd) with { Record = e.Record, EpochFraction = 1 });

    private StudyProgress At(FitContext context, TrialEvent what) =>
        trial with
        {
            Event = what,
            Epoch = context.Epoch,
            Epochs = context.Options.Epochs,
        };
}
