using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Callbacks;

/// <summary>A report never costs a result: what a callback of the Report stage throws is a warning.</summary>
[Collection("Torch")]
public sealed class ReportFailureTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TinyData _data = new(64);

    public static TheoryData<string> Hooks =>
        [
            nameof(Callback.OnEpochStart),
            nameof(Callback.OnBeforeOptimizerStep),
            nameof(Callback.OnStepEnd),
            nameof(Callback.OnEvaluationEnd),
            nameof(Callback.OnEpochEnd),
            nameof(Callback.OnCheckpointSaved),
            nameof(Callback.OnFitEnd),
        ];

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Hooks))]
    public void FailureOfAReport_IsAWarningInLogHistoryAndRunJson_AndFitReturns(string hook)
    {
        var log = new ListLogger();
        var history = Fit(new Throws(hook, CallbackStage.Report), log);
        Assert.Equal((StopReason.Completed, 2), (history.StopReason, history.Epochs.Count));
        string warning = Assert.Single(history.Warnings);
        Assert.StartsWith($"The callback Throws failed in {hook} at epoch ", warning, StringComparison.Ordinal);
        Assert.EndsWith("out of paper", warning, StringComparison.Ordinal);
        Assert.Single(log.Warnings, message => message.Contains("out of paper", StringComparison.Ordinal));
        Assert.Equal(history.Warnings, TrainingHistory.Load(_folder["run"]).Warnings);
        Assert.True(File.Exists(_folder["run/curves.png"]));
        Assert.True(File.Exists(_folder["run/checkpoints/best.safetensors"]));
    }

    [Theory]
    [InlineData(nameof(Callback.OnEpochEnd), CallbackStage.Persist)]
    [InlineData(nameof(Callback.OnEpochEnd), CallbackStage.Decide)]
    [InlineData(nameof(Callback.OnEpochEnd), CallbackStage.Observe)]
    [InlineData(nameof(Callback.OnFitStart), CallbackStage.Report)]
    public void OtherFailures_AndThoseBeforeTheFirstStep_AreThrown(string hook, CallbackStage stage) =>
        Assert.Throws<CallbackException>(() => Fit(new Throws(hook, stage), new ListLogger()));

    [Fact]
    public void RunWithoutFailures_HasNoWarnings()
    {
        var history = Fit(new Throws("none", CallbackStage.Report), new ListLogger());
        Assert.Empty(history.Warnings);
        Assert.DoesNotContain("\"warnings\"", File.ReadAllText(_folder["run/run.json"]), StringComparison.Ordinal);
    }

    private TrainingHistory Fit(Callback callback, ListLogger log)
    {
        using var model = TinyModel.Create();
        var options = new TrainerOptions
        {
            Epochs = 2,
            BatchSize = 16,
            Seed = 1,
            Device = "cpu",
            RunDirectory = _folder["run"],
        };
        return new Trainer(options, log) { Callbacks = { callback } }.Fit(model, _data, _data);
    }

    private sealed class Throws(string hook, CallbackStage stage) : Callback
    {
        public override CallbackStage Stage => stage;

        public override void OnFitStart(FitStartEvent e) => At(nameof(OnFitStart));

        public override void OnEpochStart(EpochStartEvent e) => At(nameof(OnEpochStart));

        public override void OnBeforeOptimizerStep(BeforeOptimizerStepEvent e) => At(nameof(OnBeforeOptimizerStep));

        public override void OnStepEnd(StepEndEvent e) => At(nameof(OnStepEnd));

        public override void OnEvaluationEnd(EvaluationEndEvent e) => At(nameof(OnEvaluationEnd));

        public override void OnEpochEnd(EpochEndEvent e) => At(nameof(OnEpochEnd));

        public override void OnCheckpointSaved(CheckpointSavedEvent e) => At(nameof(OnCheckpointSaved));

        public override void OnFitEnd(FitEndEvent e) => At(nameof(OnFitEnd));

        private void At(string place)
        {
            if (place == hook)
            {
                throw new IOException("out of paper");
            }
        }
    }
}
