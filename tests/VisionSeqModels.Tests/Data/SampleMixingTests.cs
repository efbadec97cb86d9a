using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

/// <summary>Augmentations that mix samples and their targets.</summary>
[Collection("Torch")]
public sealed class SampleMixingTests
{
    private const int Classes = 3;

    public static TheoryData<string> Names => ["MixUp", "CutMix"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Mixing_RepeatsBySeed_LeavesItsInputs_AndNoTensorBehind(string name)
    {
        using var images = randn(6, 2, 8, 8);
        using var before = images.clone();
        using var labels = randint(0, Classes, [6], dtype: ScalarType.Int64);
        var mixing = Of(name);
        manual_seed(4);
        var (first, firstTargets) = mixing.Apply(images, labels);
        manual_seed(4);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var (second, secondTargets) = mixing.Apply(images, labels);
        Assert.Equal(live + 2, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        TensorAssert.Identical(first, second, name);
        TensorAssert.Identical(firstTargets, secondTargets, name);
        TensorAssert.Identical(before, images, name);
        Assert.Equal([6, Classes], firstTargets.shape);
        TensorAssert.Close(ones(6), firstTargets.sum(1), 1e-6, "probabilities");
        foreach (var tensor in new[] { first, firstTargets, second, secondTargets })
        {
            tensor.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Probability0_MixesNothing_ButMakesProbabilities(string name)
    {
        using var scope = NewDisposeScope();
        var images = randn(6, 2, 8, 8);
        var labels = randint(0, Classes, [6], dtype: ScalarType.Int64);
        var (mixed, targets) = Of(name, probability: 0).Apply(images, labels);
        TensorAssert.Identical(images, mixed, name);
        TensorAssert.Identical(labels, targets.argmax(1), name);
        Assert.Equal(6, targets.sum().ToDouble());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_FollowTheBetaDistribution(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (sum, squares) = (0.0, 0.0);
        for (int i = 0; i < 2000; i++)
        {
            using var inner = NewDisposeScope();
            double weight = VisionSeqModels.Data.SampleMixing.Weight(CPU, name == "MixUp" ? 0.2 : 1, 1).ToDouble();
            Assert.InRange(weight, 0, 1);
            sum += weight / 2000;
            squares += weight * weight / 2000;
        }

        // variance 1 / (4 (2 alpha + 1))
        Assert.Equal(0.5, sum, 0.05);
        Assert.Equal(name == "MixUp" ? 0.25 / 1.4 : 0.25 / 3, squares - (sum * sum), 0.02);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Training_ComparesWithTheMostProbableClass_AndLearns(string name)
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 400, TestCount = 100 });
        using var model = VisionModels.LeNet(LeNetOptions.For(data));
        var options = new TrainerOptions
        {
            Epochs = 8,
            BatchSize = 16,
            Optimizer = new AdamOptions { LearningRate = 0.003 },
            Seed = 1,
            Device = "cpu",
            Augmentations = [Of(name, probability: 0.5, data.ClassNames.Count), new RandomHorizontalFlip()],
        };
        var history = new Trainer(options).Fit(model, data.Train, data.Test);
        Assert.InRange(history["train_accuracy"][^1], 0.1, 1);
        Assert.InRange(history["test_accuracy"][^1], 0.2, 1);
        Assert.True(history["train_loss"][^1] < history["train_loss"][0]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LabelThatIsNoClass_IsRefused(string name)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 3 });
        string message = Assert.ThrowsAny<ArgumentException>(() => Of(name).Apply(zeros(2, 1, 4, 4), labels)).Message;
        Assert.Contains($"{name} expects labels from 0 to 2, but the label at index 1", message, StringComparison.Ordinal);
    }

    private static Augmentation Of(string name, double probability = 1, int classes = Classes) =>
        name == "MixUp"
            ? new MixUp { ClassCount = classes, Probability = probability }
            : new CutMix { ClassCount = classes, Probability = probability };
}
