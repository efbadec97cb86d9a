using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

[Collection("Torch")]
public sealed class BatchSizeTests
{
    /// <summary>A whole batch, and one of a single image after it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(1000)]
    [InlineData(8192)]
    public void Fit_EveryBatchSize_SeesEverySampleOnce(int size)
    {
        using var data = Images(size + 1);
        using var lenet = VisionModels.LeNet(
            new LeNetOptions
            {
                InputChannels = 1,
                ImageHeight = 16,
                ImageWidth = 16,
                ClassCount = 3,
                Seed = 1,
            }
        );
        using var gru = SequenceModels.Gru(
            new RecurrentOptions
            {
                InputSize = 16,
                HiddenSize = 8,
                ClassCount = 3,
                Seed = 1,
            }
        );
        foreach (var model in new nn.Module<Tensor, Tensor>[] { lenet, gru })
        {
            var history = new Trainer(
                new TrainerOptions
                {
                    Epochs = 1,
                    BatchSize = size,
                    EvaluationBatchSize = size,
                    Seed = 1,
                    Device = "cpu",
                }
            ).Fit(model, data, data);
            var epoch = history.Epochs.Single();

            Assert.Equal(size + 1, epoch.Samples);
            Assert.Equal(2, epoch.Steps);
            Assert.True(double.IsFinite(epoch["train_loss"]!.Value) && double.IsFinite(epoch["test_loss"]!.Value));
        }
    }

    private static ImageDataset Images(int count)
    {
        using var scope = NewDisposeScope();
        return new ImageDataset(
            "noise",
            randint(0, 256, [count, 1, 16, 16], dtype: ScalarType.Byte),
            randint(0, 3, [count], dtype: ScalarType.Int64),
            ["a", "b", "c"]
        );
    }
}
