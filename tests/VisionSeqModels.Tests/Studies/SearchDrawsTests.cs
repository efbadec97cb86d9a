using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>How often a search asks and draws, and with which random numbers.</summary>
public sealed class SearchDrawsTests
{
    private int _asked;
    private int _tried;

    /// <summary>There is one setting and no other; of ranges no search can know that.</summary>
    [Fact]
    public void SearchThatFindsNothingNew_Ends_AfterAHundredPointsOfTheSampler_AndAThousandDrawn()
    {
        var run = Of(values: 1, count: 2, seed: 5, new Sampler(_ => _asked++, _ => 0));
        Assert.Equal((1, 1), (_asked, _tried));
        Assert.Null(run.Ask());
        Assert.Equal((1 + 100, 1 + 1100), (_asked, _tried));
        Assert.Single(run.Asked);
    }

    [Fact]
    public void RandomNumbers_AreOthers_ForEachPointAndForEachSeed()
    {
        var first = new List<int>();
        for (int seed = -1; seed <= 2; seed++)
        {
            var run = Of(values: 3, count: 3, seed, new Sampler(random => first.Add(random.Next()), number => number));
            run.Ask();
            run.Ask();
        }

        Assert.Equal(12, first.Count);
        Assert.Equal(12, first.Distinct().Count());
        var again = new List<int>();
        Of(values: 3, count: 3, seed: -1, new Sampler(random => again.Add(random.Next()), number => number)).Ask();
        Assert.Equal(first.Take(2), again);
    }

    private StudySearch<int>.Run Of(int values, int count, int seed, IStudySampler sampler) =>
        new StudySearch<int>(
            [StudyFactor<int>.Of("x", [.. Enumerable.Range(0, values)], (_, value) => value, null)],
            point =>
            {
                _tried++;
                return new StudySetting<int>(point[0].Value.Label, 0, MadeUpTrials.Factors(("x", point[0].Value.Label)));
            },
            count,
            seed,
            () => sampler
        ).Begin(null);

    private sealed class Sampler(Action<Random> hear, Func<int, double> point) : IStudySampler
    {
        private int _number;

        public IReadOnlyList<double> Ask(IReadOnlyList<StudyDimension> space, Random random)
        {
            hear(random);
            return [point(_number++)];
        }

        public void Tell(IReadOnlyList<double> point, double? score) { }
    }
}
