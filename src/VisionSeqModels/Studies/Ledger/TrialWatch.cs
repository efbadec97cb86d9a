using VisionSeqModels.Training;

namespace VisionSeqModels.Studies;

/// <summary>Gives the signs of life of a trial, and publishes the states that it saves. It reads no value from the
/// device.</summary>
internal sealed class TrialWatch(SharedSession session) : Callback, IEvaluationListener
{
    public override CallbackStage Stage => CallbackStage.Report;

    public override void OnFitStart(FitStartEvent e) => session.Sign(Position(e.Context, 0));

    public override void OnStepEnd(StepEndEvent e) => session.Sign(Position(e.Context, e.StepInEpoch));

    void IEvaluationListener.OnEvaluationBatch(FitContext context, string role, int batches, long? of) =>
        session.Sign(Position(context, context.StepsPerEpoch));

    public override void OnEpochEnd(EpochEndEvent e) => session.Sign(Position(e.Context, e.Context.StepsPerEpoch));

    public override void OnCheckpointSaved(CheckpointSavedEvent e)
    {
        var position = Position(e.Context, e.Context.StepInEpoch == 0 ? e.Context.StepsPerEpoch : e.Context.StepInEpoch);
        session.Sign(position);
        session.Publish(position, e.Context.History);
    }

    private static TrialPosition Position(FitContext context, long? steps) =>
        new()
        {
            Epoch = context.Epoch,
            Epochs = context.Options.Epochs,
            EpochFraction =
                steps is long done && context.StepsPerEpoch > 0 ? Math.Min(1, (double)done / context.StepsPerEpoch.Value) : null,
            Step = context.Step,
        };
}
