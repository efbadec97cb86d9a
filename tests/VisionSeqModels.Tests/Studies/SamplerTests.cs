using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The estimator's densities and choices by hand; how well it searches is in <see cref="TpeSamplerTests"/>.</summary>
public sealed class SamplerTests
{
    private static readonly StudyDimension Unit = StudyDimension.Range("x", 0, 1);

    /// <summary>One for the prior and one for each value: 1, 3, 1 of 5.</summary>
    [Fact]
    public void DensityOfChoices_CountsThePriorAndTheValues()
    {
        var estimate = ParzenEstimate.Of(StudyDimension.Values("kind", 3), [1, 1]);
        Assert.Equal([0.2, 0.6, 0.2], new double[] { 0, 1, 2 }.Select(value => Math.Round(estimate.Density(value), 12)));
        int[] counts = new int[3];
        var random = new Random(3);
        for (int i = 0; i < 1000; i++)
        {
            counts[(int)estimate.Draw(random)]++;
        }

        Assert.All(counts.Zip(new[] { 200, 600, 200 }), pair => Assert.InRange(pair.First, pair.Second - 80, pair.Second + 80));
    }

    [Fact]
    public void WithoutValues_TheDensityIsThePriors()
    {
        var range = ParzenEstimate.Of(StudyDimension.Range("x", 10, 20), []);
        Assert.Equal((1, 1), (range.Density(10), range.Density(17)));
        var random = new Random(1);
        double[] drawn = [.. Enumerable.Range(0, 1000).Select(_ => range.Draw(random))];
        Assert.All(drawn, value => Assert.InRange(value, 10, 20));
        Assert.InRange(drawn.Average(), 14.5, 15.5);
        Assert.Equal(0.25, ParzenEstimate.Of(StudyDimension.Values("kind", 4), []).Density(3));
    }

    /// <summary>At the middle the larger distance to an end is 1/2, so the deviation is 1/2, and 0.6827 of the normal
    /// distribution is within.</summary>
    [Fact]
    public void DensityOfOneValue_IsHalfItsPeak_AndHalfThePrior()
    {
        var estimate = ParzenEstimate.Of(Unit, [0.5]);
        double peak = 1 / (0.5 * Math.Sqrt(2 * Math.PI) * 0.682689492);
        Assert.Equal((1 + peak) / 2, estimate.Density(0.5), 1e-6);
        Assert.Equal((1 + (peak * Math.Exp(-0.5))) / 2, estimate.Density(0), 1e-6);
        Assert.Equal((1 + (peak * Math.Exp(-0.5))) / 2, estimate.Density(1), 1e-6);
        Assert.Equal((1 + (peak * Math.Exp(-0.125))) / 2, estimate.Density(0.75), 1e-6);
    }

    /// <summary>Whatever the values, the density over the range is 1.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.0, 1.0)]
    [InlineData(0.9, 0.2, 0.21)]
    [InlineData(0.5, 0.5, 0.5, 0.5)]
    [InlineData(0.01, 0.02, 0.03, 0.99)]
    public void Density_SumsToOne(params double[] values)
    {
        var estimate = ParzenEstimate.Of(Unit, values);
        Assert.Equal(1, Enumerable.Range(0, 20_000).Average(i => estimate.Density((i + 0.5) / 20_000)), 1e-5);
    }

    /// <summary>Values 0.2, 0.3, 0.7: the larger distances are 0.2, 0.4, 0.4, none below 1/4, the least for three.</summary>
    [Fact]
    public void Deviation_IsTheLargerDistanceToTheNeighbours()
    {
        static double Peak(double center, double deviation, double at)
        {
            double Cdf(double z) => SpecialFunctions.Normal(z);
            double inside = Cdf((1 - center) / deviation) - Cdf(-center / deviation);
            double off = (at - center) / deviation;
            return Math.Exp(-0.5 * off * off) / (deviation * Math.Sqrt(2 * Math.PI) * inside);
        }

        var estimate = ParzenEstimate.Of(Unit, [0.7, 0.2, 0.3]);
        Assert.All(
            new[] { 0, 0.2, 0.3, 0.5, 0.7, 1 },
            at =>
                Assert.Equal((1 + Peak(0.2, 0.25, at) + Peak(0.3, 0.4, at) + Peak(0.7, 0.4, at)) / 4, estimate.Density(at), 1e-5)
        );
        var ends = ParzenEstimate.Of(Unit, [0, 1]);
        Assert.Equal((1 + Peak(0, 1, 0.25) + Peak(1, 1, 0.25)) / 3, ends.Density(0.25), 1e-5);
        var many = ParzenEstimate.Of(Unit, [.. Enumerable.Repeat(0.5, 200)]); // in the middle of them no less than a hundredth
        double rest = Peak(0.5, 0.5, 0.5) * 2;
        Assert.Equal((1 + rest + (198 * Peak(0.5, 0.01, 0.5))) / 201, many.Density(0.5), 1e-3);
    }

    [Fact]
    public void Drawn_AreAroundTheValues()
    {
        var estimate = ParzenEstimate.Of(Unit, [.. Enumerable.Range(0, 9).Select(i => 0.8 + (0.001 * i))]);
        var random = new Random(2);
        double[] drawn = [.. Enumerable.Range(0, 2000).Select(_ => estimate.Draw(random))];
        Assert.All(drawn, value => Assert.InRange(value, 0, 1));
        double near = Enumerable
            .Range(0, 10_000)
            .Where(i => i is >= 7000 and < 9000)
            .Sum(i => estimate.Density((i + 0.5) / 10_000));
        Assert.InRange(drawn.Count(value => value is >= 0.7 and < 0.9) / 2000.0, (near / 10_000) - 0.06, (near / 10_000) + 0.06);
    }

    [Fact]
    public void FirstPoints_AreThePriors()
    {
        var sampler = new TpeSampler { StartPoints = 2 };
        StudyDimension[] space = [Unit, StudyDimension.Values("kind", 9)];
        for (int i = 0; i < 2; i++)
        {
            var random = new Random(7);
            Assert.Equal([random.NextDouble(), random.Next(9)], sampler.Ask(space, new Random(7)));
            sampler.Tell([0.1, 3], 1);
        }

        var after = new Random(7);
        Assert.NotEqual([after.NextDouble(), after.Next(9)], sampler.Ask(space, new Random(7)));
    }

    /// <summary>Of two hundred values one was good; it is far likelier among the good than among the others.</summary>
    [Fact]
    public void ChoiceThatWasGood_IsTriedAgain()
    {
        StudyDimension[] space = [StudyDimension.Values("kind", 5)];
        var sampler = new TpeSampler { StartPoints = 1, GoodFraction = 0.25 };
        foreach (int i in Enumerable.Range(0, 20))
        {
            sampler.Tell([i % 5], i % 5 == 3 ? 1 : -1);
        }

        Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal([3], sampler.Ask(space, new Random(seed))));
    }

    [Fact]
    public void PointsWithoutAScore_AreTheWorst()
    {
        StudyDimension[] space = [StudyDimension.Values("kind", 2)];
        var sampler = new TpeSampler { StartPoints = 1, GoodFraction = 0.5 };
        foreach (int i in Enumerable.Range(0, 20))
        {
            sampler.Tell([i % 2], i % 2 == 0 ? null : -1000);
        }

        Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal([1], sampler.Ask(space, new Random(seed))));
    }

    [Fact]
    public void Settings_HaveTheirDefaultsAndBounds()
    {
        var sampler = new TpeSampler();
        Assert.Equal((10, 0.15, 24), (sampler.StartPoints, sampler.GoodFraction, sampler.Candidates));
        var least = new TpeSampler
        {
            StartPoints = 1,
            GoodFraction = 1e-9,
            Candidates = 1,
        };
        Assert.Equal((1, 1e-9, 1), (least.StartPoints, least.GoodFraction, least.Candidates));
        Assert.Throws<ArgumentNullException>("space", () => sampler.Ask(null!, new Random(1)));
        Assert.Throws<ArgumentNullException>("random", () => sampler.Ask([], null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TpeSampler { StartPoints = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TpeSampler { GoodFraction = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TpeSampler { GoodFraction = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TpeSampler { Candidates = 0 });
    }
}
