using VisionSeqModels;
using VisionSeqModels.Training;

/// <summary>Stops training when a budget of seconds is used up. It decides, so its stage is Decide; it remembers, so it is
/// stateful: a resumed run has what is left of the budget.</summary>
internal sealed class TimeBudget(TimeSpan budget) : Callback, IStatefulCallback
{
    private double _secondsBefore;
    private long _begin;

    public override CallbackStage Stage => CallbackStage.Decide;

    public string StateKey => nameof(TimeBudget);

    private double Seconds => _secondsBefore + TimeProvider.System.GetElapsedTime(_begin).TotalSeconds;

    public override void OnFitStart(FitStartEvent e)
    {
        _secondsBefore = 0;
        _begin = TimeProvider.System.GetTimestamp();
    }

    // After every step, so that a long epoch does not overrun the budget. Asking for the end is a request: the step is
    // done, the rest goes its ordinary way.
    public override void OnStepEnd(StepEndEvent e)
    {
        if (Seconds > budget.TotalSeconds)
        {
            e.Context.RequestStop($"The budget of {budget.TotalSeconds:f0} s is used up after step {e.Step}.");
        }
    }

    public void SaveState(CallbackState state) => state.Set("seconds", Seconds);

    public void LoadState(CallbackState state) => _secondsBefore = state.GetNumber("seconds");
}
