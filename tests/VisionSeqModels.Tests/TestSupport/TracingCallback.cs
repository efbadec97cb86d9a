using VisionSeqModels.Training;

namespace VisionSeqModels.Tests;

/// <summary>Writes down every call of its hooks, and does something at one of them.</summary>
internal class TracingCallback(List<string> trace, string name = "", CallbackStage stage = CallbackStage.Observe) : Callback
{
    public override CallbackStage Stage => stage;

    protected internal override bool DrawsRandomNumbers => false; // its hooks may wait for another training

    /// <summary>The call to act at, as it stands in the trace, for example <c>StepEnd 2</c>.</summary>
    public string? At { get; init; }

    public Action<FitContext>? Act { get; init; }

    public override void OnFitStart(FitStartEvent e) => Call("FitStart" + (e.Context.IsResumed ? " resumed" : ""), e.Context);

    public override void OnEpochStart(EpochStartEvent e) => Call($"EpochStart {e.Epoch}", e.Context);

    public override void OnBeforeOptimizerStep(BeforeOptimizerStepEvent e) =>
        Call($"BeforeOptimizerStep {e.Context.Step + 1}", e.Context);

    public override void OnStepEnd(StepEndEvent e) => Call($"StepEnd {e.Step}", e.Context);

    public override void OnEvaluationEnd(EvaluationEndEvent e) => Call($"EvaluationEnd {e.Role} {e.Context.Epoch}", e.Context);

    public override void OnEpochEnd(EpochEndEvent e) =>
        Call($"EpochEnd {e.Record.Epoch}" + (e.Record.IsPartial ? " partial" : ""), e.Context);

    public override void OnCheckpointSaved(CheckpointSavedEvent e) => Call($"CheckpointSaved {e.Context.Step}", e.Context);

    public override void OnFitEnd(FitEndEvent e) => Call($"FitEnd {e.History.StopReason}", e.Context);

    private void Call(string call, FitContext context)
    {
        trace.Add(name.Length == 0 ? call : $"{name}: {call}");
        if (call == At)
        {
            Act!(context);
        }
    }
}
