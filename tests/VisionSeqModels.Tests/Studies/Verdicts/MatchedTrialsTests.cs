using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class MatchedTrialsTests
{
    [Fact]
    public void Pairs_HaveTheSameSeed_AndTheirDifferenceIsTheSecondLessTheFirst()
    {
        var pairs = Of([.. Seeds("a", [0.5, 0.25, 0.75])], [Trial("b", 1, 1), Trial("b", 0.5, 3), Trial("b", null, 4)]);
        Assert.Equal((2, 0.125), (pairs.Sample.Count, pairs.Sample.Mean)); // 0.5 and −0.25
        Assert.Equal((0.625, 0.75, 4), (pairs.BaseMean, pairs.Mean, pairs.AllPairs));
        Assert.Equal([("b", 4)], pairs.WithoutResult.Select(trial => (trial.Setting, trial.Seed)));
        Assert.Equal(0, pairs.Sample.HeldOutRatio);
    }

    [Fact]
    public void WithoutAPair_ThereIsNoMean()
    {
        var pairs = Of([Trial("a", 1, 1), Trial("a", null, 2)], [Trial("b", null, 1), Trial("b", 1, 2)]);
        Assert.Equal((0, null, null, 2), (pairs.Sample.Count, pairs.BaseMean, pairs.Mean, pairs.AllPairs));
        Assert.Equal(["a", "b"], pairs.WithoutResult.Select(trial => trial.Setting));
    }

    [Fact]
    public void Folds_MatchByNumber_AndHoldOutAFractionOfTheOthers()
    {
        var study = TheStudy with
        {
            Folds = new StudyFolds
            {
                Count = 5,
                Seed = 0,
                Stratified = true,
                Grouped = false,
            },
        };
        var pairs = MatchedTrials.Of(
            new SettingSummary([Trial("a", 1, 1, 1), Trial("a", 2, 1, 2)], study),
            new SettingSummary([Trial("b", 5, 1, 2), Trial("b", 7, 2, 2)], study),
            study
        );
        Assert.Equal((1, 3, 0.25, 3), (pairs.Sample.Count, pairs.Sample.Mean, pairs.Sample.HeldOutRatio, pairs.AllPairs));
    }

    private static MatchedTrials Of(TrialResult[] first, TrialResult[] second) =>
        MatchedTrials.Of(new SettingSummary(first, TheStudy), new SettingSummary(second, TheStudy), TheStudy);
}
