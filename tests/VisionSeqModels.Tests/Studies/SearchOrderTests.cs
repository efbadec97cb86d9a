using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Which trials a search gives, and what its sampler hears, without training.</summary>
public sealed class SearchOrderTests
{
    private readonly List<string> _heard = [];
    private readonly Dictionary<string, double?> _scores = [];
    private int _number;

    [Fact]
    public void SettingsAreAskedFor_WhenAllTrialsOfTheOneBeforeWereGiven()
    {
        var run = Begin([0, 1, 2], count: 3);
        var order = Order(run, seeds: 2);
        Assert.Equal("x 0", Assert.Single(run.Asked).Name);
        Assert.Equal(
            ["x 0, seed 1", "x 0, seed 2", "x 1, seed 1", "x 1, seed 2", "x 2, seed 1", "x 2, seed 2", null],
            Enumerable.Range(0, 7).Select(_ => order.Next()?.Trial.Key.ToString())
        );
        Assert.Equal(3, run.Asked.Count);
    }

    [Fact]
    public void Sampler_HearsTheMean_WhenAllTrialsOfASettingAreOver()
    {
        var order = Order(Begin([0, 1], count: 2), seeds: 2);
        var (first, second) = (order.Next()!, order.Next()!);
        _scores["x 0, seed 1"] = 1;
        _scores["x 0, seed 2"] = 4;
        order.Ended(first, History("test_accuracy", 1), failed: false);
        Assert.Empty(_heard);
        order.Ended(second, History("test_accuracy", 4), failed: false);
        Assert.Equal(["0 2.5"], _heard);
    }

    [Fact]
    public void TrialWithoutAScore_IsLeftOutOfTheMean()
    {
        var order = Order(Begin([0, 1], count: 2), seeds: 2);
        _scores["x 0, seed 2"] = 4;
        order.Ended(order.Next()!, null, failed: true);
        order.Ended(order.Next()!, History("test_accuracy", 4), failed: false);
        Assert.Equal(["0 4"], _heard);
        order.Ended(order.Next()!, null, failed: true);
        order.Ended(order.Next()!, null, failed: true);
        Assert.Equal(["0 4", "1 none"], _heard);
    }

    [Theory]
    [InlineData(StopReason.Running, false)]
    [InlineData(StopReason.Cancelled, false)]
    [InlineData(StopReason.Completed, true)]
    [InlineData(StopReason.StoppedEarly, true)]
    [InlineData(StopReason.NonFinite, true)]
    public void TrialThatOnlyPaused_IsNotOver(StopReason reason, bool isOver)
    {
        var order = Order(Begin([0], count: 1), seeds: 1);
        var history = History("test_accuracy", 1);
        history.StopReason = reason;
        order.Ended(order.Next()!, history, failed: false);
        Assert.Equal(isOver ? 1 : 0, _heard.Count);
        order = Order(Begin([0], count: 1), seeds: 1);
        order.Ended(order.Next()!, null, failed: false);
        Assert.Equal(isOver ? 1 : 0, _heard.Count);
    }

    [Fact]
    public void ResumedSearch_TellsWhatWasOver_AndGivesTheRest()
    {
        var before = TheStudy with
        {
            Trials = [Entry("x 0", "0", 1), Entry("x 0", "0", 2), Entry("x 2", "2", 1), Entry("x 2", "2", 2)],
        };
        var run = Begin([1], count: 3, before);
        Assert.Equal(["x 0", "x 2"], run.Asked.Select(setting => setting.Name));
        TrialJob[] jobs = [.. before.Trials.Select((entry, i) => new TrialJob(i + 1, entry))];
        _scores["x 0, seed 1"] = 1;
        _scores["x 0, seed 2"] = 2;
        var order = new SearchOrder<int>(run, jobs, [jobs[3]], _ => [], entry => _scores.GetValueOrDefault(entry.Key.ToString()));
        Assert.Equal(["0 1.5"], _heard);
        Assert.Equal("x 2, seed 2", order.Next()?.Trial.Key.ToString());
        order.Ended(jobs[3], null, failed: true);
        Assert.Equal(["0 1.5", "2 none"], _heard);
        Assert.Null(order.Next()); // the setting that is asked for now has no trials here
        Assert.Equal(3, run.Asked.Count);
    }

    [Fact]
    public void PointThatWasTried_IsAskedForAgain_ThenDrawn()
    {
        var run = Begin([0, 0, 1], count: 3);
        Assert.Equal("x 1", run.Ask()?.Name);
        var stubborn = Begin([0], count: 3); // says 0 for ever
        Assert.NotNull(stubborn.Ask());
        Assert.Equal(2, stubborn.Asked.Select(setting => setting.Name).Distinct().Count());
    }

    [Fact]
    public void Search_EndsWithItsCount_OrWithItsCombinations()
    {
        var run = Begin([0, 1, 2], count: 1);
        Assert.Null(run.Ask());
        var all = Begin([0, 1, 2, 3], count: 4);
        Assert.Equal(["x 1", "x 2", "x 3", null], Enumerable.Range(0, 4).Select(_ => all.Ask()?.Name));
    }

    [Fact]
    public void PointOutOfRange_IsRefusedInASentence()
    {
        Assert.Equal(
            "Fixed.Ask must give a number for each factor, 1 in all, and for 'x' a whole one from 0 to 3, but gave 0.5.",
            Fault([0.5])
        );
        Assert.EndsWith(" from 0 to 3, but gave 4.", Fault([4]), StringComparison.Ordinal);
        Assert.EndsWith(" from 0 to 3, but gave -1.", Fault([-1]), StringComparison.Ordinal);
        Assert.EndsWith(" but gave NaN.", Fault([double.NaN]), StringComparison.Ordinal);
        Assert.EndsWith(" but gave 2 of them.", Fault([1, 2]), StringComparison.Ordinal);
        Assert.EndsWith(" but gave 0 of them.", Fault(null), StringComparison.Ordinal);

        string Fault(double[]? point) =>
            Assert.Throws<InvalidOperationException>(() => Search(() => new Fixed(point), 2).Begin(null)).Message;
    }

    [Fact]
    public void RecordOfOtherFactors_IsRefused() =>
        Assert.Equal(
            "The study has a setting 'x 9', but the factor 'x' of the search has no value '9'. Give the same factors, or another "
                + "folder.",
            Assert
                .Throws<InvalidOperationException>(() => Begin([0], 1, TheStudy with { Trials = [Entry("x 9", "9", 1)] }))
                .Message
        );

    private SearchOrder<int> Order(StudySearch<int>.Run run, int seeds)
    {
        IReadOnlyList<TrialJob> Add(StudySetting<int> setting) =>
            [
                .. Enumerable
                    .Range(1, seeds)
                    .Select(seed => new TrialJob(++_number, Entry(setting.Name, setting.Factors["x"], seed))),
            ];
        var first = Add(run.Asked[0]);
        return new SearchOrder<int>(run, first, first, Add, entry => _scores.GetValueOrDefault(entry.Key.ToString()));
    }

    private StudySearch<int>.Run Begin(int[] points, int count, StudyFile? before = null) =>
        Search(() => new Script(points, _heard), count).Begin(before);

    private static StudySearch<int> Search(Func<IStudySampler> sampler, int count) =>
        StudyPlan.From(0).Vary("x", [0, 1, 2, 3], (_, value) => value).Search(count, seed: 5, sampler).Search!;

    private static StudyFile.Entry Entry(string setting, string x, long seed) =>
        new(setting, Factors(("x", x)), seed, $"{setting}-{seed}");

    /// <summary>Asks for given points, the last one again and again.</summary>
    private sealed class Script(int[] points, List<string> heard) : IStudySampler
    {
        private int _next;

        public IReadOnlyList<double> Ask(IReadOnlyList<StudyDimension> space, Random random) =>
            [points[Math.Min(_next++, points.Length - 1)]];

        public void Tell(IReadOnlyList<double> point, double? score) =>
            heard.Add(FormattableString.Invariant($"{point[0]} {(score is double value ? (object)value : "none")}"));
    }

    private sealed class Fixed(double[]? point) : IStudySampler
    {
        public IReadOnlyList<double> Ask(IReadOnlyList<StudyDimension> space, Random random) => point!;

        public void Tell(IReadOnlyList<double> point, double? score) { }
    }
}
