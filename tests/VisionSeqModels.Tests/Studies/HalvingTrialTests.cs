using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>How far a trial has come on rungs at 1, 3 and 9 epochs.</summary>
public sealed class HalvingTrialTests
{
    [Fact]
    public void TrialThatFailedOnItsWayToARung_HasNoScoreThere()
    {
        var trial = Of();
        trial.Record(History("f", 0.5, 0.9), failed: true);
        Assert.Equal((true, 0, 2), (trial.IsOver, trial.Rung, trial.Epochs));
        Assert.Equal((true, true, false), (trial.IsComparedAt(0), trial.IsComparedAt(1), trial.IsComparedAt(2)));
        Assert.Equal((0.5, double.NegativeInfinity), (trial.ScoreAt(0), trial.ScoreAt(1)));
    }

    [Theory]
    [InlineData(StopReason.Running, false, false)]
    [InlineData(StopReason.Cancelled, false, false)]
    [InlineData(StopReason.Failed, false, true)]
    [InlineData(StopReason.Failed, true, false)]
    [InlineData(StopReason.NonFinite, true, true)]
    [InlineData(StopReason.StoppedEarly, true, true)]
    [InlineData(StopReason.Completed, true, true)]
    public void End_SaysWhetherItGoesOn(StopReason reason, bool canTryAgain, bool isOver)
    {
        var trial = Of(canTryAgain);
        trial.Record(History([Epoch.Of(1, "f", 0.5)], reason), failed: false);
        Assert.Equal((isOver, !isOver, false), (trial.IsOver, trial.IsWaiting, trial.IsBetweenRungs));
    }

    [Theory]
    [InlineData(StopReason.Running, false, 1, true)]
    [InlineData(StopReason.Cancelled, false, 1, true)]
    [InlineData(StopReason.Failed, true, 1, true)]
    [InlineData(StopReason.Failed, false, 2, false)]
    [InlineData(StopReason.Completed, false, 2, false)]
    [InlineData(StopReason.StoppedEarly, false, 2, false)]
    public void AfterItsLastEpoch_ItHasTheLastRung_UnlessItWasInterrupted(
        StopReason reason,
        bool canTryAgain,
        int rung,
        bool goesOn
    )
    {
        var trial = Of(canTryAgain);
        trial.Record(History([.. Enumerable.Range(1, 9).Select(i => Epoch.Of(i, "f", i))], reason), failed: false);
        Assert.Equal((9, rung, !goesOn, goesOn), (trial.Epochs, trial.Rung, trial.IsOver, trial.IsBetweenRungs));
        if (goesOn)
        {
            Assert.Equal((0, null), (trial.Cost, trial.Next.UntilEpoch));
        }
    }

    [Fact]
    public void WithOneRung_AnInterruptedTrialIsTakenUpAgain()
    {
        var trial = new HalvingTrial(Job(), [2], "f", higherIsBetter: true);
        trial.Record(History([Epoch.Of(1, "f", 1), Epoch.Of(2, "f", 1)], StopReason.Running), failed: false);
        Assert.Equal((-1, false, 0, null), (trial.Rung, trial.IsOver, trial.Cost, trial.Next.UntilEpoch));
    }

    private static HalvingTrial Of(bool canTryAgain = false) => new(Job(canTryAgain), [1, 3, 9], "f", higherIsBetter: true);

    private static TrialJob Job(bool canTryAgain = false) =>
        new(1, new StudyFile.Entry("a", Factors(), 1, "a", CanTryAgain: canTryAgain));
}
