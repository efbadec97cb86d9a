using VisionSeqModels.Visualization;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

#pragma warning disable IDE0065 // outside of the namespace, the namespace's own name comes first
using Attribution = VisionSeqModels.Visualization.Attribution;
#pragma warning restore IDE0065

/// <summary>LRP loses no relevance: what does not reach the pixels is named.</summary>
[Collection("Torch")]
public sealed class LrpConservationTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-5; // of the sum of all magnitudes

    [Theory]
    [InlineData(LrpRule.Epsilon, 1e-6)]
    [InlineData(LrpRule.Epsilon, 0)]
    [InlineData(LrpRule.Epsilon, 0.1)]
    [InlineData(LrpRule.Gamma, 1e-6)]
    [InlineData(LrpRule.ZPlus, 1e-6)]
    public void TrainedLeNet_RelevanceAndWhatIsAbsorbed_SumToTheScore(LrpRule rule, double epsilon)
    {
        using var scope = NewDisposeScope();
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 600,
                TestCount = 20,
                Seed = 1,
            }
        );
        using var model = VisionModels.LeNet(LeNetOptions.For(data));
        new Trainer(
            new TrainerOptions
            {
                Epochs = 2,
                Seed = 1,
                Device = "cpu",
            }
        ).Fit(model, data.Train, data.Test);
        var images = data.Test.Read(new() { BatchSize = 20 }).Select(batch => batch.Inputs.clone()).First();
        var options = new LrpOptions
        {
            ConvolutionRule = rule,
            LinearRule = rule,
            Epsilon = epsilon,
        };
        foreach (var map in Attribution.Lrp(model, images, options))
        {
            Assert.Null(map.Warning);
            double sum = map.Values.Sum(value => (double)value),
                size = map.Values.Sum(value => Math.Abs((double)value)),
                gap = sum + map.AbsorbedRelevance!.Value - map.Score;
            output.WriteLine($"{rule}, {epsilon}: score {map.Score:g4}, gap {gap / map.Score:g2} of it");
            output.WriteLine($"  and {gap / size:g2} of {size:g3}, absorbed {map.AbsorbedRelevance:g3}");
            Assert.Equal(sum - map.Score, map.ConvergenceDelta!.Value, 1e-9 * size);
            Assert.InRange(Math.Abs(gap), 0, Tolerance * size);
            if (epsilon < 0.1)
            {
                Assert.InRange(Math.Abs(map.AbsorbedRelevance.Value), 0, 1e-3 * size);
            }
        }
    }

    [Fact]
    public void BiasOfAnOutputWithoutInput_IsAbsorbed()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("flat", nn.Flatten()), ("fc", nn.Linear(4, 2)));
        using (no_grad())
        {
            model.parameters().Last().copy_(tensor([3f, 1f]));
        }

        var map = Attribution.Lrp(model, zeros(1, 1, 2, 2)).Single();
        Assert.Equal((3.0, 3.0, -3.0), (map.Score, map.AbsorbedRelevance!.Value, map.ConvergenceDelta!.Value));
        Assert.All(map.Values, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Epsilon_AbsorbsItsPart()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("flat", nn.Flatten()), ("fc", nn.Linear(1, 2, hasBias: false)));
        using (no_grad())
        {
            model.parameters().Single().copy_(tensor([2f, 0f]).reshape(2, 1));
        }

        var map = Attribution.Lrp(model, ones(1, 1, 1, 1), new() { Epsilon = 0.5 }).Single();
        Assert.Equal(1.6, map.Values.Single(), 1e-6); // 2 × 2 / (2 + 0.5)
        Assert.Equal(0.4, map.AbsorbedRelevance!.Value, 1e-6);
    }

    [Fact]
    public void ObjectiveThatIsNotLinear_IsNamed()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("flat", nn.Flatten()), ("fc", nn.Linear(4, 3)));
        var images = randn([2, 1, 2, 2], generator: new Generator(1));
        Assert.Null(Attribution.Lrp(model, images, new() { Objective = outputs => outputs.select(1, 0) * 2 })[0].Warning);
        Assert.Contains(
            "not linear",
            Attribution.Lrp(model, images, new() { Objective = outputs => outputs.softmax(1).select(1, 0) })[0].Warning,
            StringComparison.Ordinal
        );
    }
}
