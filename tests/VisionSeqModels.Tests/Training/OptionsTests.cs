namespace VisionSeqModels.Tests.Training;

public sealed class OptionsTests
{
    [Fact]
    public void TrainerOptions_SeveralFaults_AreReportedTogether()
    {
        var options = new TrainerOptions
        {
            Epochs = 0,
            BatchSize = 0,
            Optimizer = new AdamOptions { LearningRate = double.NaN },
            Device = " ",
        };

        var error = Assert.Throws<InvalidOptionsException>(() => new Trainer(options));

        Assert.Equal(4, error.Faults.Count);
        Assert.Contains("Epochs must be at least 1, but is 0.", error.Message, StringComparison.Ordinal);
        Assert.Contains("BatchSize must be at least 1, but is 0.", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Optimizer.LearningRate must be a finite number above 0, but is NaN.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void TrainerOptions_TwoMetricsOfOneName_AreRefused()
    {
        var options = new TrainerOptions { Metrics = [new Accuracy(), new Accuracy()] };

        var error = Assert.Throws<InvalidOptionsException>(() => new Trainer(options));

        Assert.Contains("'accuracy' is taken", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Optimizers_OutOfRange_NameEachFault()
    {
        Assert.Equal(
            3,
            FaultsOf(
                new SgdOptions
                {
                    LearningRate = -1,
                    Momentum = 1,
                    WeightDecay = double.PositiveInfinity,
                }
            )
        );
        Assert.Equal(1, FaultsOf(new SgdOptions { Momentum = 0, Nesterov = true }));
        Assert.Equal(
            3,
            FaultsOf(
                new AdamOptions
                {
                    Beta1 = 1,
                    Beta2 = -0.1,
                    Epsilon = 0,
                }
            )
        );
        Assert.Equal(1, FaultsOf(new AdamWOptions { WeightDecay = -1 }));
        Assert.Equal(0, FaultsOf(new AdamWOptions()));

        static int FaultsOf(OptimizerOptions optimizer)
        {
            try
            {
                _ = new Trainer(new TrainerOptions { Optimizer = optimizer });
                return 0;
            }
            catch (InvalidOptionsException e)
            {
                return e.Faults.Count;
            }
        }
    }

    [Fact]
    public void LeNetOptions_ImageTooSmall_SaysSo()
    {
        var error = Assert.Throws<InvalidOptionsException>(() =>
            VisionModels.LeNet(
                new LeNetOptions
                {
                    ImageHeight = 8,
                    ClassCount = 1,
                    InputChannels = 0,
                }
            )
        );

        Assert.Equal(3, error.Faults.Count);
        Assert.Contains("ImageHeight", error.Message, StringComparison.Ordinal);
    }
}
