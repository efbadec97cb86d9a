using System.Diagnostics;
using VisionSeqModels.Training;

namespace VisionSeqModels.Studies;

/// <summary>Reports the progress of a trial to a study's listener. It reads no value from the device.</summary>
internal sealed class TrialProgress(IProgress<StudyProgress> listener, StudyProgress trial) : Callback, IEvaluationListener
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private long _last;

    public override CallbackStage Stage => CallbackStage.Report;

    public override void OnEpochStart(EpochStartEvent e) => _last = Stopwatch.GetTimestamp();

    public override void OnStepEnd(StepEndEvent e)
    {
        if (IsDue())
        {
            Report(e.Context, TrialEvent.Training, e.StepInEpoch, e.Context.StepsPerEpoch);
        }
    }

    void IEvaluationListener.OnEvaluationBatch(FitContext context, string role, int batches, long? of)
    {
        if (IsDue())
        {
            Report(context, TrialEvent.Evaluating, batches, of);
        }
    }

    public override void OnEpochEnd(EpochEndEvent e) =>
        listener.Report(At(e.Context, TrialEvent.EpochEnd) with { Record = e.Record, EpochFraction = 1 });

    private bool IsDue()
    {
        bool isDue = Stopwatch.GetElapsedTime(_last) >= Interval;
        _last = isDue ? Stopwatch.GetTimestamp() : _last;
        return isDue;
    }

    private void Report(FitContext context, TrialEvent what, int done, long? of) =>
        listener.Report(At(context, what) with { EpochFraction = of > 0 ? Math.Min(1, (double)done / of.Value) : null });

    private StudyProgress At(FitContext context, TrialEvent what) =>
        trial with
        {
            Event = what,
            Epoch = context.Epoch,
            Epochs = context.Options.Epochs,
        };
}
