using TorchSharp;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Models;

[Collection("Torch")]
public sealed class ModelSummaryTests
{
    [Fact]
    public void Summary_OfLeNet_HasPyTorchsCountsAndShapes()
    {
        using var model = VisionModels.LeNet();
        var summary = model.Summary();
        Assert.Equal(
            [456, 2416, 48120, 10164, 850],
            summary.Layers.Where(layer => layer.ParameterCount > 0).Select(layer => layer.ParameterCount)
        );
        Assert.Equal([1, 6, 28, 28], summary.Layers.First(layer => layer.Name == "conv1").OutputShape);
        Assert.Equal([1, 10], summary.Layers.First(layer => layer.Name == "fc3").OutputShape);
        Assert.Equal(
            (62006, 62006, 0, 4 * 62006),
            (summary.ParameterCount, summary.TrainableCount, summary.FrozenCount, summary.Bytes)
        );
        Assert.Contains("parameters 62,006: 62,006 trainable, 0 frozen; 242.2 KiB", summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_CountsFrozenParameters()
    {
        using var model = VisionModels.LeNet();
        model.get_parameter("conv1.weight")!.requires_grad = false;
        Assert.Equal(450, model.Summary(2, 3, 32, 32).FrozenCount);
    }

    [Theory]
    [InlineData(RecurrentCell.Rnn)]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void Summary_OfARecurrentModel_ShowsTheLayersOutput(RecurrentCell cell)
    {
        using var model = SequenceModels.Build(
            cell,
            new RecurrentOptions
            {
                InputSize = 8,
                HiddenSize = 5,
                ClassCount = 3,
            }
        );
        var layer = model.Summary(2, 1, 7, 8).Layers.Single(layer => layer.Name == "rnn");
        Assert.Equal([2, 7, 5], layer.OutputShape);
        Assert.True(layer.ParameterCount > 0);
    }

    [Fact]
    public void Summary_LeavesNoTrace()
    {
        using var model = nn.Sequential(("conv", nn.Conv2d(1, 2, 3)), ("norm", nn.BatchNorm2d(2)), ("drop", nn.Dropout2d(0.5)));
        model.train();
        using var mean = model.get_buffer("norm.running_mean")!.clone();
        manual_seed(5);
        using var expected = rand(2);
        manual_seed(5);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        model.Summary(4, 1, 8, 8);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        using var drawn = rand(2);
        TensorAssert.Identical(expected, drawn, "random state");
        TensorAssert.Identical(mean, model.get_buffer("norm.running_mean")!, "running mean");
        Assert.All(model.named_modules(), entry => Assert.True(entry.module.training));
    }

    [Fact]
    public void Summary_WithoutAShape_AsksForOne()
    {
        using var model = nn.Sequential(nn.Linear(2, 2));
        Assert.Contains(
            "for example Summary(1, 3, 32, 32)",
            Assert.Throws<ArgumentException>(() => model.Summary()).Message,
            StringComparison.Ordinal
        );
    }
}
