using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class SettingSummaryTests
{
    [Fact]
    public void Numbers_AreThoseOfTrialsThatEndedWell()
    {
        var setting = Of(
            Trial("a", 0.5) with
            {
                History = WithTime(10, 0.6, 0.5),
                Parameters = 62006,
            },
            Trial("a", null, seed: 2) with
            {
                History = WithTime(1000, 0.9),
            }
        );
        Assert.Equal((true, 1), (setting.HasEnded, setting.EndedCount));
        Assert.Equal(
            ("0.5000", "0.6000", "1", "2"),
            (setting.FinalText, setting.Best.Text(), setting.BestEpoch, setting.EpochsDone)
        );
        Assert.Equal((10, 1), (setting.Seconds.Mean, setting.SamplesPerSecond.Mean));
        Assert.Equal(0.5, setting.Last("test_accuracy").Mean);
        Assert.Null(setting.Last("test_loss").Mean);
        Assert.Equal(new Dictionary<(long, int?), double> { [(1, null)] = 0.5 }, setting.Finals);
    }

    [Fact]
    public void WhereNoneEndedWell_TheyAreThoseOfAll()
    {
        var setting = Of(Trial("a", null) with { History = WithTime(10, 0.6, 0.5) }, Trial("a", null, seed: 2));
        Assert.Equal((false, 0), (setting.HasEnded, setting.EndedCount));
        Assert.Equal(
            ("", "0.6000", "1", "0, 2"),
            (setting.FinalText, setting.Best.Text(), setting.BestEpoch, setting.EpochsDone)
        );
        Assert.Equal(double.NegativeInfinity, setting.Score);
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("3", 3, 3)]
    [InlineData("3, 5", 5, 3)]
    [InlineData("3–9", 9, 5, 3)]
    public void Epochs_AreListedOrARange(string text, params int[] epochs) =>
        Assert.Equal(
            text,
            Of([
                .. epochs.Select(
                    (count, i) => Trial("a", 0.5, seed: i) with { History = History("test_accuracy", new double[count]) }
                ),
            ]).EpochsDone
        );

    [Fact]
    public void WithoutAnyEpoch_ThereIsNoBest()
    {
        var setting = Of(Trial("a", null));
        Assert.Equal(("", "", ""), (setting.BestEpoch, setting.Best.Text(), setting.Seconds.Text()));
    }

    [Fact]
    public void Score_GrowsWhereTheMetricGetsBetter()
    {
        Assert.Equal(0.4, Of(Trial("a", 0.3), Trial("a", 0.5, seed: 2)).Score, 1e-12);
        var loss = TheStudy with { HigherIsBetter = false };
        Assert.Equal(-0.3, new SettingSummary([Trial("a", 0.3)], loss).Score);
        Assert.Equal(double.NegativeInfinity, new SettingSummary([Trial("a", null)], loss).Score);
    }

    [Fact]
    public void FinalText_IsUndefined_WhereTrialsEndedWithoutAValueOfIt()
    {
        var undefined = Trial("a", null) with { Outcome = StopReason.Completed };
        Assert.Equal("undefined", Of(undefined).FinalText);
        Assert.Equal("undefined", Of(undefined with { Outcome = StopReason.StoppedEarly }, Trial("a", null, seed: 2)).FinalText);
        Assert.Equal("", Of(Trial("a", null)).FinalText);
        Assert.Equal("0.5000", Of(undefined, Trial("a", 0.5, seed: 2)).FinalText);
    }

    [Theory]
    [InlineData(StopReason.Completed, "completed")]
    [InlineData(StopReason.StoppedEarly, "stopped early")]
    [InlineData(StopReason.Running, "not over")]
    [InlineData(StopReason.NonFinite, "diverged")]
    [InlineData(StopReason.Cancelled, "cancelled")]
    [InlineData(StopReason.Failed, "failed")]
    public void Outcome_IsAWord(StopReason reason, string text)
    {
        Assert.Equal(text, Of(Trial("a", 0.5) with { Outcome = reason }).Outcome);
        bool ended = reason is StopReason.Completed or StopReason.StoppedEarly;
        Assert.Equal(ended ? "undefined" : text, Of(Trial("a", null) with { Outcome = reason }).Outcome);
    }

    [Fact]
    public void OutcomesOfSeveral_AreCounted() =>
        Assert.Equal("2 completed, 1 failed", Of(Trial("a", 1), Trial("a", null, 2), Trial("a", 1, 3)).Outcome);

    [Fact]
    public void ChangedTrials_AreSaid()
    {
        var changed = Trial("a", 1) with { Changes = ["epochs was 2 and is 3"] };
        Assert.Equal("completed (other options)", Of(changed).Outcome);
        Assert.Equal("2 completed (1 with other options)", Of(changed, Trial("a", 1, seed: 2)).Outcome);
        Assert.Equal("2 completed (2 with other options)", Of(changed, changed with { Seed = 2 }).Outcome);
    }

    [Fact]
    public void Parameters_AreTheFirstThatAreKnown()
    {
        Assert.Equal("", Of(Trial("a", 1)).Parameters);
        Assert.Equal(
            "62,006",
            Of(Trial("a", 1), Trial("a", 1, 2) with { Parameters = 62006 }, Trial("a", 1, 3) with { Parameters = 5 }).Parameters
        );
    }

    private static SettingSummary Of(params TrialResult[] trials) => new(trials, TheStudy);

    private static TrainingHistory WithTime(double seconds, params double[] values)
    {
        var history = History("test_accuracy", values);
        history.Seconds = seconds;
        return history;
    }
}
