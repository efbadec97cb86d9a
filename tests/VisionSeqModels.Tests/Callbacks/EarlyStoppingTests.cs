namespace VisionSeqModels.Tests.Callbacks;

[Collection("Torch")]
public sealed class EarlyStoppingTests
{
    [Fact]
    public void NoImprovement_StopsAfterPatienceAndSaysWhy()
    {
        // A learning rate so small that the losses stay equal to the last printed digit: nothing improves by MinimumDelta.
        var stopping = new EarlyStopping { Patience = 2, MinimumDelta = 0.1 };

        var history = Fit(stopping, epochs: 10);

        Assert.Equal(3, history.Epochs.Count); // the first is the best, two more are allowed
        Assert.Equal(StopReason.StoppedEarly, history.StopReason);
        Assert.Contains("test_loss has not improved for 2 epochs", history.StopMessage!, StringComparison.Ordinal);
        Assert.Contains("epoch 1", history.StopMessage!, StringComparison.Ordinal);
    }

    [Fact]
    public void SecondFit_BeginsAfresh()
    {
        var stopping = new EarlyStopping { Patience = 2, MinimumDelta = 0.1 };

        Assert.Equal(3, Fit(stopping, epochs: 10).Epochs.Count);
        Assert.Equal(3, Fit(stopping, epochs: 10).Epochs.Count);
    }

    [Fact]
    public void UnknownMetric_IsRefused_BeforeTheRunFolderIsThere_AndThoseThereAreAreListed()
    {
        using var folder = new TempFolder();
        using var data = new TinyData();
        using var model = TinyModel.Create();
        var trainer = new Trainer(new TrainerOptions { Epochs = 1, RunDirectory = folder["run"] })
        {
            Callbacks =
            {
                new EarlyStopping { Monitor = "val_loss" },
                new ReduceLearningRateOnPlateau { Monitor = "test_f1" },
                new ModelCheckpoint { Monitor = "test_acuracy" },
                new ExponentialMovingAverage { ApplyAtEnd = false },
            },
        };
        var error = Assert.Throws<InvalidOptionsException>(() => trainer.Fit(model, data, data));

        const string names = "train_loss, train_accuracy, test_loss, test_accuracy, test_loss_ema, test_accuracy_ema";
        Assert.Equal(
            [
                $"EarlyStopping.Monitor must be one of {names}, but is 'val_loss'.",
                $"ReduceLearningRateOnPlateau.Monitor must be one of {names}, but is 'test_f1'.",
                $"ModelCheckpoint.Monitor must be one of {names}, but is 'test_acuracy'.",
            ],
            error.Faults
        );
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void PatienceOfZero_IsRefused()
    {
        var error = Assert.Throws<InvalidOptionsException>(() => Fit(new EarlyStopping { Patience = 0 }, epochs: 1));

        Assert.Equal(["EarlyStopping.Patience must be at least 1, but is 0."], error.Faults);
    }

    private static TrainingHistory Fit(EarlyStopping stopping, int epochs)
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        var options = new TrainerOptions
        {
            Epochs = epochs,
            Seed = 1,
            Optimizer = new SgdOptions { LearningRate = 1e-6, Momentum = 0 },
        };
        return new Trainer(options) { Callbacks = { stopping } }.Fit(model, data, data);
    }
}
