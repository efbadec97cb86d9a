using System.Text.Json;
using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization;

[Collection("Torch")]
public sealed class ActivationStatisticsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Measure_EqualsADirectComputationInFloat64_WhateverTheBatchSize(int batchSize)
    {
        using var data = SmallImages(50);
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });

        var report = ActivationStatistics.Measure(
            model,
            data,
            new ActivationStatisticsOptions { BatchSize = batchSize, Layers = ["conv1"] }
        );

        using var scope = NewDisposeScope();
        var expected = Conv1Outputs(model, data, exact: false).to_type(ScalarType.Float64);
        Assert.Equal(50, report.SampleCount);
        Assert.Equal(6, report.Layers[0].Channels.Count);
        for (int channel = 0; channel < 6; channel++)
        {
            AssertClose(expected.select(1, channel), report.Layers[0].Channels[channel]);
        }

        AssertClose(expected, report.Layers[0].All);
    }

    [Fact]
    public void Histogram_CountsExactlyWhatASecondPassCounts_WhateverTheBatchSize()
    {
        using var data = SmallImages(50);
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var whole = Histogram(model, data, 50);

        Assert.All(
            [1, 7, 49],
            size => Assert.Equal(JsonSerializer.Serialize(whole), JsonSerializer.Serialize(Histogram(model, data, size)))
        );

        using var scope = NewDisposeScope();
        float[] values = Conv1Outputs(model, data, exact: true).select(1, 2).flatten().data<float>().ToArray();
        Assert.InRange(whole.Counts.Count, 8, 128);
        for (int bin = 0; bin < whole.Counts.Count; bin++)
        {
            long expected = values.LongCount(value => value >= whole.LowerEdge(bin) && value < whole.LowerEdge(bin + 1));
            Assert.Equal(expected, whole.Counts[bin]);
        }
    }

    [Fact]
    public void DeadChannel_IsFoundExactly_AndOneThatFiresOnceIsAlive()
    {
        using var data = SmallImages(20);
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        using (no_grad())
        using (NewDisposeScope())
        {
            var highest = Conv1Outputs(model, data, exact: true).select(1, 1).max();
            var bias = model.state_dict()["conv1.bias"];
            bias[0] = -1e6f;
            bias[1] = bias[1] - highest * 0.999f; // only the strongest value or two stay above zero
        }

        var layer = ActivationStatistics.Measure(model, data).Layers[0];

        Assert.Equal("conv1 after ReLU", layer.Title);
        Assert.True(layer.Channels[0].IsDead);
        Assert.Equal(1, layer.Channels[0].ZeroFraction);
        Assert.False(layer.Channels[1].IsDead);
        Assert.InRange(layer.Channels[1].ZeroFraction, 0.99, 0.999999);
        Assert.Equal(1 / 6.0, layer.DeadFraction);
    }

    [Fact]
    public void NotFinite_IsCountedAndSpoilsNothingElse()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("copy", nn.Identity()));
        var inputs = tensor(new[] { 1f, 2f, float.NaN, float.PositiveInfinity, 3f, -4f }).reshape(3, 2);
        var data = BatchSource.From("three", [new Batch(inputs, zeros(3))]);

        var layer = ActivationStatistics.Measure(model, data, new ActivationStatisticsOptions { Layers = ["copy"] }).Layers[0];

        Assert.Equal(
            (2, 1, 2.0, 1.0, 3.0),
            (
                layer.Channels[0].Count,
                layer.Channels[0].NonFiniteCount,
                layer.Channels[0].Mean,
                layer.Channels[0].Minimum,
                layer.Channels[0].Maximum
            )
        );
        Assert.Equal((2, 1, -1.0), (layer.Channels[1].Count, layer.Channels[1].NonFiniteCount, layer.Channels[1].Mean));
        Assert.Equal(4, layer.All.Histogram.Counts.Sum());
    }

    [Fact]
    public void Measure_ChangesNothingOfTheModel_AndLeavesNoTensor()
    {
        using var data = SmallImages(10);
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        model.train();
        ActivationStatistics.Measure(model, data);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var random = get_rng_state();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        ActivationStatistics.Measure(model, data);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(live < before);
        Assert.All(model.modules(), module => Assert.True(module.training));
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
        using var after = get_rng_state();
        TensorAssert.Identical(random, after, "random state");
        int calls = 0;
        using (var probe = new ModelProbe(model))
        {
            probe.Watch("conv1", _ => calls++);
        }

        using var scope = NewDisposeScope();
        model.call(zeros(1, 3, 32, 32)); // the hook is gone
        Assert.Equal(0, calls);
    }

    [Fact]
    public void UnknownLayer_OrNoConvolution_IsSaid()
    {
        using var data = SmallImages(2);
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        using var linear = nn.Sequential(("flatten", nn.Flatten()));

        Assert.Contains(
            "conv2",
            Assert
                .Throws<ArgumentException>(() =>
                    ActivationStatistics.Measure(model, data, new ActivationStatisticsOptions { Layers = ["conv9"] })
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "ran no convolution that can be seen",
            Assert.Throws<ArgumentException>(() => ActivationStatistics.Measure(linear, data)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Json_GoesThereAndBack()
    {
        using var data = SmallImages(5);
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        string json = ActivationStatistics.Measure(model, data).ToJson();

        Assert.Equal(json, ActivationStatistics.FromJson(json).ToJson());
        Assert.Contains("\"zero_share\"", json, StringComparison.Ordinal);
        Assert.Contains("\"dead_share\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_Cancelled_Stops()
    {
        using var data = SmallImages(5);
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        Assert.Throws<OperationCanceledException>(() =>
            ActivationStatistics.Measure(model, data, cancellationToken: new CancellationToken(canceled: true))
        );
    }

    private static Histogram Histogram(nn.Module<Tensor, Tensor> model, ImageDataset data, int batchSize) =>
        ActivationStatistics
            .Measure(model, data, new ActivationStatisticsOptions { BatchSize = batchSize, Layers = ["conv1"] })
            .Layers[0]
            .Channels[2]
            .Histogram;

    private static void AssertClose(Tensor expected, ChannelStatistics actual)
    {
        Assert.Equal(expected.numel(), actual.Count);
        Assert.Equal(expected.mean().ToDouble(), actual.Mean, 1e-6);
        Assert.Equal(expected.std(unbiased: false).ToDouble(), actual.StandardDeviation, 1e-6);
        Assert.Equal(expected.min().ToDouble(), actual.Minimum, 1e-6);
        Assert.Equal(expected.max().ToDouble(), actual.Maximum, 1e-6);
        Assert.Equal(actual.Count, actual.Histogram.Counts.Sum());
    }

    /// <summary>Image by image where the values must be the same to the last bit as those of any batch size.</summary>
    private static Tensor Conv1Outputs(nn.Module<Tensor, Tensor> model, ImageDataset data, bool exact)
    {
        using var noGradients = no_grad();
        var convolution = (nn.Module<Tensor, Tensor>)model.named_modules().Single(entry => entry.name == "conv1").module;
        return cat([
            .. data.Read(new BatchRequest { BatchSize = exact ? 1 : 50 }).Select(batch => convolution.call(batch.Inputs)),
        ]);
    }

    private static ImageDataset SmallImages(int count)
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = count, TestCount = 1 });
        return data.Train.Take(count);
    }
}
