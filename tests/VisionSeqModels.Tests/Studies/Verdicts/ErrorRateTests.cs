using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>How often conclusions are wrong, over simulated studies of a fixed seed. Benchmarks' <c>verdicts</c> has 20,000 of
/// each; here is a slice of them.</summary>
public sealed class ErrorRateTests
{
    private const int Studies = 1000;

    /// <summary>Three deviations above 5 %, for a slice of that size.</summary>
    private static readonly double Most = 0.05 + (3 * Math.Sqrt(0.05 * 0.95 / Studies));

    public static TheoryData<string, int[], int> Nulls =>
        new()
        {
            { "one factor of two values", [2], 3 },
            { "five settings", [5], 3 },
            { "five settings, ten seeds", [5], 10 },
            { "a grid", [2, 3], 5 },
        };

    [Theory]
    [MemberData(nameof(Nulls))]
    public void StudyInWhichNothingDiffers_ClaimsADifferenceInAtMostOneOfTwenty(string name, int[] values, int seeds) =>
        Assert.True(Rate(new SimulatedStudy { Values = values, Seeds = seeds }, SimulatedStudy.ClaimsADifference) <= Most, name);

    [Fact]
    public void FailedTrialsAndUnlikeSpreads_DoNotRaiseThat()
    {
        var unlike = new SimulatedStudy
        {
            Seeds = 5,
            Growth = 1.5,
            Failures = 0.1,
        };
        Assert.InRange(Rate(unlike, SimulatedStudy.ClaimsADifference), 0, Most);
    }

    /// <summary>Every difference is as large as the margin: “no larger one” is wrong.</summary>
    [Fact]
    public void DifferencesAsLargeAsTheMargin_AreCalledNoneInAtMostOneOfTwenty()
    {
        var study = new SimulatedStudy
        {
            Seeds = 5,
            Effect = 0.01,
            Margin = 0.01,
        };
        Assert.InRange(
            Rate(study, conclusion => conclusion.Factors.Any(factor => factor.Verdict == Verdict.Equivalent)),
            0,
            Most
        );
    }

    /// <summary>The power of one comparison is the noncentral distribution's: for five pairs and two deviations 0.909.</summary>
    [Fact]
    public void RealDifference_IsFoundAsOftenAsTheDistributionSays()
    {
        var study = new SimulatedStudy
        {
            Values = [2],
            Seeds = 5,
            Effect = 2 * SimulatedStudy.Spread,
        };
        double found = Rate(study, conclusion => conclusion.Factors[0].Verdict == Verdict.Better);
        Assert.InRange(found, 0.909 - 0.03, 0.909 + 0.03);
    }

    private static double Rate(SimulatedStudy study, Func<StudyConclusion, bool> claims)
    {
        var random = new Random(21);
        return Enumerable.Range(0, Studies).Count(_ => claims(study.Draw(random))) / (double)Studies;
    }
}
