using TorchSharp;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

#pragma warning disable IDE0065 // outside of the namespace, the namespace's own name comes first
using Attribution = VisionSeqModels.Visualization.Attribution;
#pragma warning restore IDE0065

/// <summary>Views whose target is any function from outputs to one number a sample.</summary>
[Collection("Torch")]
public sealed class ObjectiveTests
{
    private static readonly Func<Tensor, Tensor> Margin = outputs => outputs.select(1, 0) - outputs.select(1, 1);

    [Fact]
    public void Occlusion_OfAnObjective_IsTheObjectiveOfEachHiddenImage()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var image = Images(1);
        var found = OcclusionSensitivity.Measure(
            model,
            image,
            new()
            {
                Size = 3,
                Stride = 3,
                BatchSize = 2,
                Objective = Margin,
            }
        );
        model.eval();
        double whole = Margin(model.call(image)).ToSingle();
        Assert.Equal(-1, found.Target);
        Assert.Equal(whole, found.Probability, 1e-6);
        for (int row = 0; row < 2; row++)
        {
            for (int column = 0; column < 2; column++)
            {
                var hidden = image.clone();
                hidden.narrow(2, row * 3, 3).narrow(3, column * 3, 3).fill_(0);
                var scores = model.call(hidden);
                double value = Margin(scores).ToSingle();
                Assert.Equal(value, found.Probabilities[row][column], 1e-6);
                Assert.Equal(scores.argmax(1).item<long>(), found.Predictions[row][column]);
                Assert.Equal(whole - value, found.PixelImportance[(row * 3) + 1][(column * 3) + 1], 1e-6);
            }
        }

        Assert.True(found.Draw().Height > 100);
    }

    [Fact]
    public void Occlusion_OfOutputsThatAreMaps_TakesAnObjective_AndPredictsNoClass()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("conv", nn.Conv2d(1, 2, 3, padding: 1)));
        var options = new OcclusionSensitivityOptions { Size = 3, Stride = 3 };
        var refusal = Assert.Throws<ArgumentException>(() => OcclusionSensitivity.Measure(model, Images(1), options));
        Assert.Contains("[batch, classes]", refusal.Message, StringComparison.Ordinal);
        var found = OcclusionSensitivity.Measure(
            model,
            Images(1),
            options with
            {
                Objective = outputs => outputs.mean([1, 2, 3]),
            }
        );
        Assert.All(found.Predictions.SelectMany(row => row), value => Assert.True(double.IsNaN(value)));
        Assert.True(found.Draw().Height > 100);
    }

    [Fact]
    public void Occlusion_OfOneColumn_PredictsYesAndNo()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("same", nn.Conv2d(1, 1, 1)), ("pool", nn.AdaptiveAvgPool2d(1)), ("flat", nn.Flatten()));
        using (no_grad())
        {
            model.parameters().First().fill_(8);
            model.parameters().Last().fill_(-3);
        }

        var image = zeros(1, 1, 6, 6);
        image.narrow(2, 0, 3).fill_(1); // the mean of the upper half: 0.5, so that 4 − 3 is a yes
        var found = OcclusionSensitivity.Measure(model, image, new() { Size = 3, Stride = 3 });
        Assert.Equal([0, 0, 1, 1], found.Predictions.SelectMany(row => row));
    }

    [Fact]
    public void MaximalInput_OfAScoreAsObjective_IsThatOfTheClass()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var options = new ActivationMaximizationOptions { StepCount = 5 };
        var expected = ActivationMaximization.Measure(model, [1, 1, 6, 6], options with { Target = 2 });
        var actual = ActivationMaximization.Measure(
            model,
            [1, 1, 6, 6],
            options with
            {
                Objective = outputs => outputs.select(1, 2),
            }
        );
        Assert.Equal(expected.Values, actual.Values);
        Assert.Equal((expected.Score, -1, "Objective"), (actual.Score, actual.Target, actual.Method));
    }

    [Fact]
    public void MaximalInput_OfALayersObjective_IsThatOfTheMap()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var options = new ActivationMaximizationOptions { StepCount = 5, Layer = "conv" };
        var expected = ActivationMaximization.Measure(model, [1, 1, 6, 6], options with { Target = 1 });
        var actual = ActivationMaximization.Measure(
            model,
            [1, 1, 6, 6],
            options with
            {
                Objective = maps => maps.select(1, 1).mean([1, 2]),
            }
        );
        Assert.Equal(expected.Values, actual.Values);
    }

    [Fact]
    public void RandomizationCheck_OfAScoreAsObjective_IsThatOfTheClass()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var images = Images(2);
        AttributionMethod ofClass2 = (m, x, options, token) =>
            Attribution.Saliency(m, x, options! with { Targets = [2, 2] }, token);
        Assert.Equal(
            RandomizationCheck.Measure(model, images, new() { Method = ofClass2 }).RankCorrelations,
            RandomizationCheck.Measure(model, images, new() { Objective = outputs => outputs.select(1, 2) }).RankCorrelations
        );
    }

    private static nn.Module<Tensor, Tensor> Model()
    {
        var model = nn.Sequential(
            ("conv", nn.Conv2d(1, 3, 3)),
            ("relu", nn.ReLU()),
            ("flat", nn.Flatten()),
            ("drop", nn.Dropout(0.5)),
            ("fc", nn.Linear(48, 3))
        );
        using var noGradients = no_grad();
        using var generator = new Generator(23);
        foreach (var parameter in model.parameters())
        {
            parameter.copy_(rand(parameter.shape, generator: generator) - 0.5);
        }

        return model;
    }

    private static Tensor Images(int count) => randn([count, 1, 6, 6], generator: new Generator(1));
}
