using VisionSeqModels.Training;

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
    public void UnknownMetric_FailsAtTheStartAndListsThoseThereAre()
    {
        var error = Assert.Throws<CallbackException>(() => Fit(new EarlyStopping { Monitor = "val_loss" }, epochs: 1));

        Assert.Contains("no metric named 'val_loss'", error.Message, StringComparison.Ordinal);
        Assert.Contains("train_loss, train_accuracy, test_loss, test_accuracy", error.Message, StringComparison.Ordinal);
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
