using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>Each model of the zoo trains with a run folder whose reports show what ran, and is seen by many threads.</summary>
[Collection("Torch")]
public sealed class ZooTrainingTests
{
    public static TheoryData<string> Names => Animals.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_WithARunFolder_GivesItsResultAndItsReports(string name)
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var images = Animals.Images(model, 24);
        var targets = model is Ending { IsSigmoid: true }
            ? rand([24, 1], generator: new Generator(1)).to_type(images.dtype)
            : arange(24, dtype: ScalarType.Int64).remainder(4);
        var data = BatchSource.From("zoo", [new Batch(images, targets)]);
        var options = new TrainerOptions
        {
            Epochs = 2,
            Seed = 1,
            Device = "cpu",
            RunDirectory = folder["run"],
            Loss = model is Ending { IsSigmoid: true } ? Losses.MeanSquaredError() : Losses.CrossEntropy(),
        };
        var history = new Trainer(options).Fit(model, data, data);
        Assert.Equal((StopReason.Completed, 2), (history.StopReason, history.Epochs.Count));
        Assert.Empty(history.Warnings);
        var report = ActivationStatistics.FromJson(File.ReadAllText(folder["run/activations.json"]));
        Assert.NotEmpty(report.Layers);
        Assert.True(File.Exists(folder["run/conv1_weights.png"]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Views_FromManyThreads_AreThoseOfOne(string name)
    {
        using var model = Animals.Make(name);
        using var images = Animals.Images(model, 1);
        var expected = ClassActivationMaps.GradCam(model, images)[0].Values;
        var found = new IReadOnlyList<float>[12];
        Parallel.For(
            0,
            found.Length,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            i => found[i] = ClassActivationMaps.GradCam(model, images)[0].Values
        );
        Assert.All(found, values => Assert.Equal(expected, values));
        Assert.True(model.training);
    }

    [Fact]
    public void StatisticsOfAConv1d_AreByChannel()
    {
        using var scope = NewDisposeScope();
        using var conv = nn.Conv1d(2, 3, 3);
        using var model = nn.Sequential(("conv", conv), ("relu", nn.ReLU()), ("flat", nn.Flatten()), ("fc", nn.Linear(18, 2)));
        var inputs = randn([5, 2, 8], generator: new Generator(1));
        var data = BatchSource.From("lines", [new Batch(inputs, zeros(5, dtype: ScalarType.Int64))]);
        var layer = ActivationStatistics.Measure(model, data).Layers.Single();
        var exact = conv.call(inputs).relu();
        Assert.Equal("conv after ReLU", layer.Title);
        Assert.Equal(3, layer.Channels.Count);
        for (int channel = 0; channel < 3; channel++)
        {
            Assert.Equal(exact.select(1, channel).mean().ToSingle(), layer.Channels[channel].Mean, 1e-5);
        }
    }

    [Fact]
    public void StrongestActivations_LeaveOutImagesWithNaN()
    {
        using var scope = NewDisposeScope();
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 10,
                TestCount = 10,
                Seed = 1,
            }
        );
        using var model = nn.Sequential(("conv", nn.Conv2d(3, 2, 1)), ("poison", new Poison()));
        var top = TopActivations.Measure(model, data.Test, new() { Layer = "poison", MaximumCount = 10 });
        Assert.All(top.Maps, map => Assert.Equal(9, map.Count));
        Assert.All(top.Maps, map => Assert.DoesNotContain(map, projection => projection.ImageIndex == 2));
    }

    /// <summary>Gives NaN for one image of a batch, the third; alone images pass.</summary>
    private sealed class Poison() : nn.Module<Tensor, Tensor>(nameof(Poison))
    {
        public override Tensor forward(Tensor input)
        {
            var output = input.clone();
            if (input.size(0) == 10)
            {
                output[2].fill_(float.NaN);
            }

            return output;
        }
    }
}
