using TorchSharp;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

[Collection("Torch")]
public sealed class ValidationTests
{
    [Fact]
    public void Split_IsStratified_DisjointAndWhole_AndAFunctionOfItsSeed()
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 200, TestCount = 10 });
        var (train, held) = data.Train.Split(0.2, seed: 3);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (long)i), train.Indices.Concat(held.Indices).Order());
        long[] labels = data.Train.Labels.data<long>().ToArray();
        foreach (var members in Enumerable.Range(0, 200).GroupBy(i => labels[i]))
        {
            Assert.Equal(
                Math.Round(members.Count() * 0.2, MidpointRounding.AwayFromZero),
                held.Indices.Count(i => labels[i] == members.Key)
            );
        }

        Assert.Equal(held.Indices, data.Train.Split(0.2, seed: 3).Validation.Indices);
        Assert.NotEqual(held.Indices, data.Train.Split(0.2, seed: 4).Validation.Indices);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Subset_ReadsItsImagesOnceAnEpoch(bool shuffle)
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 50, TestCount = 10 });
        long[] chosen = [3, 7, 8, 20, 49];
        var subset = new ImageSubset(data.Train, chosen);
        using var scope = NewDisposeScope();
        var labels = subset
            .Read(
                new BatchRequest
                {
                    BatchSize = 2,
                    Shuffle = shuffle,
                    Seed = 1,
                }
            )
            .SelectMany(batch => batch.Targets.data<long>().ToArray())
            .ToList();
        var expected = chosen.Select(i => data.Train.Labels[i].ToInt64()).ToList();
        Assert.Equal(5, subset.SampleCount);
        Assert.Equal(shuffle ? [.. expected.Order()] : expected, shuffle ? [.. labels.Order()] : labels);
        Assert.Throws<ArgumentException>(() => new ImageSubset(data.Train, [50]));
    }

    [Fact]
    public void ValidationSplit_FeedsDecisions_AndTheTestSetIsOnlyReported()
    {
        using var folder = new TempFolder();
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 100, TestCount = 20 });
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var stopping = new EarlyStopping();
        var checkpoint = new ModelCheckpoint();
        var options = new TrainerOptions
        {
            Epochs = 2,
            Seed = 1,
            Device = "cpu",
            ValidationSplit = 0.2,
            RunDirectory = folder["run"],
        };
        var history = new Trainer(options) { Callbacks = { stopping, checkpoint } }.Fit(model, data.Train, data.Test);

        Assert.Equal(
            ["train_loss", "train_accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy"],
            history.MetricNames
        );
        Assert.Equal(80, history.Epochs[0].Samples);
        Assert.Equal("EarlyStopping(val_loss)", stopping.StateKey);
        Assert.StartsWith(
            "epoch,train_loss,train_accuracy,val_loss,val_accuracy,test_loss,test_accuracy,learning_rate,seconds",
            File.ReadAllText(folder["run/metrics.csv"]),
            StringComparison.Ordinal
        );
        Assert.Contains("\"validation_samples\": 20", File.ReadAllText(folder["run/run.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void ValidationSplit_OfOtherData_SaysWhatToGiveInstead()
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        var error = Assert.Throws<ArgumentException>(() =>
            new Trainer(new TrainerOptions { ValidationSplit = 0.1 }).Fit(model, data)
        );
        Assert.Contains("Give FitData.Validation instead", error.Message, StringComparison.Ordinal);
    }
}
