using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>What views of layers say of each model of the zoo is what a computation by hand gives.</summary>
[Collection("Torch")]
public sealed class ZooFeatureTests
{
    public static TheoryData<string> Names => Animals.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Statistics_AreThoseOfEachCall(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var images = Animals.Images(model, 5);
        var given = new ReferencePass(model, images).Given;
        var statistics = ActivationStatistics.Measure(model, Data(images), new() { Layers = [.. given.Keys], BatchSize = 2 });
        Assert.Equal(given.Keys, statistics.Layers.Select(layer => layer.Name));
        foreach (var layer in statistics.Layers)
        {
            var exact = given[layer.Name].detach().to_type(ScalarType.Float64);
            Assert.Equal(exact.mean().ToDouble(), layer.All.Mean, 1e-5);
            Assert.Equal(exact.std(unbiased: false).ToDouble(), layer.All.StandardDeviation, 1e-5);
            Assert.Equal(exact.max().ToDouble(), layer.All.Maximum, 1e-5);
            for (int channel = 0; channel < exact.size(1); channel++)
            {
                Assert.Equal(exact.select(1, channel).mean().ToDouble(), layer.Channels[channel].Mean, 1e-5);
            }
        }
    }

    [Fact]
    public void DefaultLayers_AreConvolutionsInRunOrder_AfterTheActivationThatTookThem()
    {
        Assert.Equal(["conv1 after ReLU", "conv2 after ReLU"], Titles("declared out of order"));
        Assert.Equal(["conv1 after ReLU", "conv2 after ReLU"], Titles("reused ReLU in place"));
        Assert.Equal(["conv0", "conv1 after ReLU", "conv2"], Titles("residual block"));
        Assert.Equal(["conv2 after ReLU", "conv2#2"], Titles("tied weights and a cache"));

        static IEnumerable<string> Titles(string name)
        {
            using var scope = NewDisposeScope();
            using var model = Animals.Make(name);
            return ActivationStatistics.Measure(model, Data(Animals.Images(model, 4))).Layers.Select(layer => layer.Title);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Projections_AreThoseOfTheSameComputationByHand(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var image = Animals.Images(model, 1);
        var options = new DeconvnetOptions { Layer = model.LastMaps };
        if (!model.ReachesInput || model.AllRelusAreModules == false)
        {
            // the only ReLU on the way is the layer itself or a function
            if (model is FunctionalRelus { HasAny: true })
            {
                Assert.Null(Deconvnet.Measure(model, image, options).Warning);
                return;
            }

            Assert.Throws<InvalidOperationException>(() => Deconvnet.Measure(model, image, options));
            return;
        }

        var reference = new ReferencePass(model, image, ReluRule.Deconvnet);
        var maps = reference.Given[model.LastMaps];
        var result = Deconvnet.Measure(model, image, options);
        Assert.Null(result.Warning);
        foreach (var projection in result.Maps)
        {
            var values = maps[0, projection.Map].detach();
            Assert.Equal(values.max().ToDouble(), projection.Activation, 1e-5);
            var seed = zeros_like(maps);
            seed[0, projection.Map, projection.Row, projection.Column] = values.max().relu();
            var expected = reference.Back(maps, seed)!;
            using var actual = tensor(projection.Values.ToArray()).reshape(expected.shape);
            TensorAssert.Close(expected, actual, 1e-5, $"{name}, map {projection.Map}");
        }
    }

    [Theory]
    [InlineData("reused ReLU", "relu#2", 2, 3, 2, 3, 5, 5)]
    [InlineData("reused ReLU", "relu", 2, 3, 2, 3, 3, 3)]
    [InlineData("residual block", "relu#2", 5, 5, 3, 3, 5, 5)]
    [InlineData("branches, groups, dilation", "relu", 5, 4, 3, 2, 5, 5)]
    [InlineData("branches, groups, dilation", "grouped", 4, 5, 0, 1, 9, 9)]
    [InlineData("one of three ReLUs a module", "conv2", 1, 2, 1, 2, 5, 5)]
    [InlineData("tied weights and a cache", "conv2#2", 5, 5, 3, 3, 5, 5)]
    [InlineData("float64", "relu#2", 2, 3, 2, 3, 5, 5)]
    public void ReceptiveFields_AreWhatAUnitSees(string name, string layer, int row, int column, int top, int left, int h, int w)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var box = new ReceptiveField(model, Animals.Images(model, 1), layer).BoxOf(row, column);
        Assert.Equal((top, left, h, w), (box.Top, box.Left, box.Height, box.Width));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Occlusion_GivesTheProbabilitiesOfTheSameComputationByHand(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var image = Animals.Images(model, 1);
        var result = OcclusionSensitivity.Measure(
            model,
            image,
            new()
            {
                Size = 4,
                Stride = 3,
                Target = 0,
                BatchSize = 4,
            }
        );
        Assert.Equal(model.LastMaps, result.Layer);
        Assert.Equal(Probability(image), result.Probability, 1e-6);
        for (int row = 0; row < result.Probabilities.Count; row++)
        {
            for (int column = 0; column < result.Probabilities[row].Length; column++)
            {
                var hidden = image.clone();
                hidden
                    .narrow(2, row * 3, Math.Min(4, 10 - (row * 3)))
                    .narrow(3, column * 3, Math.Min(4, 10 - (column * 3)))
                    .fill_(0);
                Assert.Equal(Probability(hidden), result.Probabilities[row][column], 1e-6);
            }
        }

        double Probability(Tensor of)
        {
            var scores = new ReferencePass(model, of).Scores.detach().to_type(ScalarType.Float64);
            return (
                name.Contains("log", StringComparison.Ordinal) ? scores.exp()
                : name.Contains("end", StringComparison.Ordinal) ? scores
                : scores.softmax(1)
            )[0, 0].ToDouble();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Invariance_GivesTheDistancesOfTheSameComputationByHand(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var images = Animals.Images(model, 4);
        double[] amounts = [0, 2];
        var curves = InvarianceCurves.Measure(
            model,
            Data(images),
            new()
            {
                Transform = ImageTransform.Shift,
                Amounts = amounts,
                Layers = [model.LastMaps],
                BatchSize = 3,
            }
        );
        var original = new ReferencePass(model, images).Given[model.LastMaps].detach();
        for (int i = 0; i < amounts.Length; i++)
        {
            var moved = InvarianceTotals.Transformed(images, ImageTransform.Shift, amounts[i]);
            var difference = new ReferencePass(model, moved).Given[model.LastMaps].detach() - original;
            Assert.Equal(difference.flatten(1).norm(1).mean().ToDouble(), curves.Distances[model.LastMaps][i], 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MaximalInput_ReachesTheScoreThatItNames(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Animals.Make(name);
        var options = new ActivationMaximizationOptions { StepCount = 5, Target = 0 };
        if (!model.ReachesInput)
        {
            Assert.Throws<InvalidOperationException>(() => ActivationMaximization.Measure(model, [1, 3, 10, 10], options));
            return;
        }

        var map = ActivationMaximization.Measure(model, [1, 3, 10, 10], options);
        var input = tensor(map.Values.ToArray()).reshape(1, 3, 10, 10).to_type(model.parameters().First().dtype);
        Assert.Equal(new ReferencePass(model, input).Scores[0, 0].ToDouble(), map.Score, 1e-5);
    }

    private static IBatchSource Data(Tensor images) =>
        BatchSource.From("zoo", [new Batch(images, zeros(images.size(0), dtype: ScalarType.Int64))]);
}
