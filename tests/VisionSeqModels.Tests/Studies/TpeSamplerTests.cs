using VisionSeqModels.Benchmarks.Studies;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The whole table, of 50 seeds, is in docs/studies.md.</summary>
public sealed class TpeSamplerTests
{
    private const int Points = 60;
    private const int Seeds = 9;

    public static TheoryData<string> Functions => [.. SearchFunctions.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Tpe_ComesNearerThanRandomSearch_InTheMedianOfSeeds(string name)
    {
        var function = SearchFunctions.All.Single(function => function.Name == name);
        double random = Median(() => new SearchFunctions.RandomSampler()),
            tpe = Median(() => new TpeSampler());
        Assert.InRange(tpe, function.Least - 1e-4, random);
        Assert.NotEqual(random, tpe);

        double Median(Func<IStudySampler> sampler) =>
            SearchFunctions.Median(SearchFunctions.Minimize(function, sampler, Points, Seeds));
    }

    [Fact]
    public void TheSamePoints_GiveTheSameAnswer()
    {
        var function = SearchFunctions.All[^1];
        double[] Run() => SearchFunctions.Minimize(function, () => new TpeSampler(), 30, seeds: 2);
        Assert.Equal(Run(), Run());
    }

    /// <summary>Half of a range diverges: after the start, hardly anything is tried there.</summary>
    [Fact]
    public void PointsWithoutAScore_AreAvoided()
    {
        StudyDimension[] space = [StudyDimension.Range("rate", 1e-4, 1, isLogarithmic: true)];
        var sampler = new TpeSampler();
        var random = new Random(1);
        int failed = 0;
        for (int i = 0; i < 60; i++)
        {
            double rate = sampler.Ask(space, random)[0];
            Assert.InRange(rate, 1e-4, 1);
            sampler.Tell([rate], rate > 0.01 ? null : -Math.Abs(Math.Log10(rate) + 3));
            failed += i >= 20 && rate > 0.01 ? 1 : 0;
        }

        Assert.InRange(failed, 0, 6);
    }

    [Theory]
    [InlineData(0, 0.15, 24)]
    [InlineData(10, 0.0, 24)]
    [InlineData(10, 1.0, 24)]
    [InlineData(10, 0.15, 0)]
    public void SettingsOutOfRange_AreRefused(int start, double good, int candidates) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new TpeSampler
            {
                StartPoints = start,
                GoodFraction = good,
                Candidates = candidates,
            }
        );
}
