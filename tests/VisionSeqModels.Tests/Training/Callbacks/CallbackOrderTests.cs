using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Training.Callbacks;

[Collection("Torch")]
public sealed class CallbackOrderTests
{
    [Fact]
    public void Hooks_RunByStageThenAsAdded_AndTheEndInReverse()
    {
        var trace = new List<string>();
        Fit(
            new Tracer("report", CallbackStage.Report, trace), new Tracer("a", CallbackStage.Observe, trace),
            new Tracer("b", CallbackStage.Observe, trace));

        Assert.Equal(
        [
            "a FitStart", "b FitStart", "report FitStart", "a EpochStart", "b EpochStart", "report EpochStart",
            "a StepEnd 1", "b StepEnd 1", "report StepEnd 1", "a StepEnd 2", "b StepEnd 2", "report StepEnd 2",
            "a EvaluationEnd", "b EvaluationEnd", "report EvaluationEnd", "a EpochEnd", "b EpochEnd", "report EpochEnd",
            "report FitEnd Completed", "b FitEnd Completed", "a FitEnd Completed",
        ], trace);
    }

    [Fact]
    public void AHookThatThrows_EndsTheRunNamingItself_AndEveryStartedCallbackIsToldOnce()
    {
        var trace = new List<string>();
        var error = Assert.Throws<CallbackException>(() => Fit(
            new Tracer("a", CallbackStage.Observe, trace), new Tracer("b", CallbackStage.Observe, trace) { FailAtStep = 2 }));

        Assert.Equal("OnStepEnd", error.Hook);
        Assert.Equal(1, error.Epoch);
        Assert.Equal(2, error.Step);
        Assert.IsType<InvalidTimeZoneException>(error.InnerException);
        Assert.Equal(["b FitEnd Failed", "a FitEnd Failed"], trace.Where(call => call.Contains("FitEnd", StringComparison.Ordinal)));
    }

    private static void Fit(params Callback[] callbacks)
    {
        using var data = new TinyData(128);
        using var model = TinyModel.Create();
        var trainer = new Trainer(new TrainerOptions { Epochs = 1, Seed = 1 });
        foreach (var callback in callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        trainer.Fit(model, data, data);
    }

    private sealed class Tracer(string name, CallbackStage stage, List<string> trace) : Callback
    {
        public int FailAtStep { get; init; }

        public override CallbackStage Stage => stage;

        public override void OnFitStart(FitStartEvent e) => trace.Add($"{name} FitStart");

        public override void OnEpochStart(EpochStartEvent e) => trace.Add($"{name} EpochStart");

        public override void OnStepEnd(StepEndEvent e)
        {
            trace.Add($"{name} StepEnd {e.Step}");
            if (e.Step == FailAtStep)
            {
                throw new InvalidTimeZoneException("the test's own");
            }
        }

        public override void OnEvaluationEnd(EvaluationEndEvent e) => trace.Add($"{name} EvaluationEnd");

        public override void OnEpochEnd(EpochEndEvent e) => trace.Add($"{name} EpochEnd");

        public override void OnFitEnd(FitEndEvent e) => trace.Add($"{name} FitEnd {e.History.StopReason}");
    }
}
