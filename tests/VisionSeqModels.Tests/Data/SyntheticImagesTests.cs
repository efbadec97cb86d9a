using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

[Collection("Torch")]
public sealed class SyntheticImagesTests
{
    [Fact]
    public void Create_SameOptions_GivesTheSameBytes_OtherSeedOthers()
    {
        var options = new SyntheticImagesOptions
        {
            TrainCount = 50,
            TestCount = 20,
            Seed = 3,
        };
        using var first = SyntheticImages.Create(options);
        using var again = SyntheticImages.Create(options);
        using var other = SyntheticImages.Create(options with { Seed = 4 });

        TensorAssert.Identical(first.Train.Pixels, again.Train.Pixels, "train");
        TensorAssert.Identical(first.Test.Labels, again.Test.Labels, "test");
        Assert.False(first.Train.Pixels.bytes.SequenceEqual(other.Train.Pixels.bytes));
        Assert.False(first.Train.Pixels.bytes[..3072].SequenceEqual(first.Test.Pixels.bytes[..3072]));
    }

    [Fact]
    public void Create_GivesEveryClassAlikeAndTheDocumentedShape()
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 100,
                TestCount = 10,
                Channels = 1,
                Size = 28,
            }
        );

        Assert.Equal("synthetic", data.Name);
        Assert.Equal([100, 1, 28, 28], data.Train.Pixels.shape);
        Assert.All(data.Train.Labels.data<long>().ToArray().CountBy(label => label), entry => Assert.Equal(10, entry.Value));
        Assert.Equal(10, data.ClassNames.Count);
    }

    [Fact]
    public void Create_OutOfRange_NamesEveryFault() =>
        Assert.Equal(
            4,
            Assert
                .Throws<InvalidOptionsException>(() =>
                    SyntheticImages.Create(
                        new SyntheticImagesOptions
                        {
                            TrainCount = 0,
                            TestCount = -1,
                            Channels = 2,
                            Size = 8,
                        }
                    )
                )
                .Faults.Count
        );

    [Fact]
    public void WithoutVariation_ALinearModelLearnsThem()
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 1000,
                TestCount = 200,
                Channels = 1,
                Size = 28,
                Varied = false,
            }
        );
        manual_seed(1);
        using var linear = nn.Sequential(("flatten", nn.Flatten()), ("fc", nn.Linear(28 * 28, 10)));
        var history = new Trainer(new TrainerOptions { Epochs = 4, Seed = 1 }).Fit(linear, data.Train, data.Test);
        Assert.InRange(history["test_accuracy"][^1], 0.8, 1);
    }

    [Fact]
    public void LeNet_LearnsThem_ALinearModelHardly()
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 3000, TestCount = 500 });
        using var leNet = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        manual_seed(1);
        using var linear = nn.Sequential(("flatten", nn.Flatten()), ("fc", nn.Linear(3 * 32 * 32, 10)));
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = 6,
                Seed = 1,
                BatchSize = 32,
            }
        );

        Assert.InRange(trainer.Fit(leNet, data.Train, data.Test)["test_accuracy"][^1], 0.6, 1);
        Assert.InRange(trainer.Fit(linear, data.Train, data.Test)["test_accuracy"][^1], 0, 0.3);
    }
}
