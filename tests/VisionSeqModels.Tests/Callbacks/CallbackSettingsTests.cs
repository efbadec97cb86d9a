using VisionSeqModels.Data;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Tests.Callbacks;

/// <summary>Settings of callbacks are checked with the options, before anything is written.</summary>
[Collection("Torch")]
public sealed class CallbackSettingsTests
{
    private static readonly (Callback Callback, string Fault)[] Bad =
    [
        (new EarlyStopping { Patience = 0 }, "EarlyStopping.Patience must be at least 1, but is 0."),
        (new EarlyStopping { MinimumDelta = -1 }, "EarlyStopping.MinimumDelta must be a finite number of at least 0, but is -1."),
        (new ExponentialMovingAverage { Decay = 1 }, "ExponentialMovingAverage.Decay must be at least 0 and below 1, but is 1."),
        (new ModelCheckpoint { SaveEveryEpochs = -1 }, "ModelCheckpoint.SaveEveryEpochs must be at least 0, but is -1."),
        (new ModelCheckpoint { KeepTop = -2 }, "ModelCheckpoint.KeepTop must be at least 0, but is -2."),
        (
            new ReduceLearningRateOnPlateau { Factor = 1 },
            "ReduceLearningRateOnPlateau.Factor must be above 0 and below 1, but is 1."
        ),
        (
            new ReduceLearningRateOnPlateau { Patience = -1 },
            "ReduceLearningRateOnPlateau.Patience must be at least 0, but is -1."
        ),
        (
            new ReduceLearningRateOnPlateau { Cooldown = -1 },
            "ReduceLearningRateOnPlateau.Cooldown must be at least 0, but is -1."
        ),
        (
            new ReduceLearningRateOnPlateau { MinimumDelta = double.NaN },
            "ReduceLearningRateOnPlateau.MinimumDelta must be a finite number of at least 0, but is NaN."
        ),
        (
            new ReduceLearningRateOnPlateau { MinimumScale = 1 },
            "ReduceLearningRateOnPlateau.MinimumScale must be at least 0 and below 1, but is 1."
        ),
        (
            new ActivationHistory(new NoImages()) { MeasureEveryEpochs = 0 },
            "ActivationHistory.MeasureEveryEpochs must be at least 1, but is 0."
        ),
        (
            new ActivationHistory(new NoImages()) { Options = new ActivationStatisticsOptions { BatchSize = 0 } },
            "ActivationHistory.Options.BatchSize must be at least 1, but is 0."
        ),
        (new ActivationHistory(null!), "ActivationHistory.data must be set, but is null."),
        (new Own { Limit = -1 }, "Own.Limit must be at least 0, but is -1."),
    ];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Bad.Length)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void ABadSetting_IsRefused_BeforeTheFolderIsMade(int index)
    {
        using var folder = new TempFolder();
        var (callback, fault) = Bad[index];
        var error = Assert.Throws<InvalidOptionsException>(() => Fit(folder["run"], callback));
        Assert.Equal([fault], error.Faults);
        Assert.Equal($"Trainer: {fault}", error.Message);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void ThePatienceOfZero_Corrected_RunsInTheSameFolder()
    {
        using var folder = new TempFolder();
        Assert.Throws<InvalidOptionsException>(() => Fit(folder["run"], new EarlyStopping { Patience = 0 }));
        Assert.Equal(StopReason.Completed, Fit(folder["run"], new EarlyStopping { Patience = 1 }).StopReason);
    }

    [Fact]
    public void FaultsOfSeveralCallbacks_ComeInOneMessage_AndResumeChecksToo()
    {
        using var folder = new TempFolder();
        Callback[] callbacks = [.. Bad.Select(bad => bad.Callback), null!];
        string[] faults =
        [
            "Callbacks must be a list without null in it (an empty one is fine), but is one with null in it.",
            .. Bad.Select(bad => bad.Fault),
        ];
        AssertFaults(faults, Assert.Throws<InvalidOptionsException>(() => Fit(folder["run"], callbacks)));
        Fit(folder["run"]);
        AssertFaults(faults, Assert.Throws<InvalidOptionsException>(() => Resume(folder["run"], callbacks)));
    }

    /// <summary>Each callback's own faults, then that several of them set the final weights.</summary>
    private static void AssertFaults(string[] expected, InvalidOptionsException error)
    {
        Assert.Equal(expected, error.Faults.SkipLast(1));
        Assert.StartsWith(
            "Callbacks must leave the final weights to one of them, but ",
            error.Faults[^1],
            StringComparison.Ordinal
        );
    }

    private static TrainingHistory Fit(string folder, params Callback[] callbacks)
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        return Trainer(folder, callbacks).Fit(model, data, data);
    }

    private static TrainingHistory Resume(string folder, params Callback[] callbacks)
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        return Trainer(folder, callbacks).Resume(folder, model, data, data);
    }

    private static Trainer Trainer(string folder, Callback[] callbacks)
    {
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = 1,
                Device = "cpu",
                RunDirectory = folder,
                DefaultCallbacks = false,
            }
        );
        Array.ForEach(callbacks, trainer.Callbacks.Add);
        return trainer;
    }

    private sealed class Own : Callback
    {
        public int Limit { get; init; }

        protected internal override IReadOnlyList<string> Faults() =>
            Limit < 0 ? [$"Limit must be at least 0, but is {Limit}."] : [];
    }

    private sealed class NoImages : IBatchSource
    {
        public string Name => "none";

        public long? SampleCount => 0;

        public IEnumerable<Batch> Read(BatchRequest request) => [];
    }
}
