using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Successive halving step by step: rungs at 1, 3 and 9 epochs, one in three continues.</summary>
public sealed class HalvingScheduleTests
{
    private readonly Dictionary<string, TrainingHistory> _done = [];
    private readonly HashSet<string> _over = [];
    private readonly HashSet<string> _elsewhere = [];
    private bool _higher = true;
    private bool _again;

    [Fact]
    public void TrialsBeginInThePlansOrder_EachToTheFirstRung()
    {
        var schedule = Of(3);
        Assert.Equal([("t1", 1), ("t2", 1), ("t3", 1), null], Take(schedule, 4));
    }

    [Fact]
    public void BestOfThree_IsPromoted_BeforeAnotherBegins()
    {
        var schedule = Of(4);
        Take(schedule, 3);
        End(schedule, 1, 0.1);
        End(schedule, 2, 0.3);
        Assert.Equal([("t4", 1)], Take(schedule, 1)); // two of a rung have no best third
        End(schedule, 3, 0.2);
        Assert.Equal([("t2", 3)], Take(schedule, 1));
        End(schedule, 4, 0.9); // the best one of four
        Assert.Equal([("t4", 3), null], Take(schedule, 2));
    }

    [Fact]
    public void LossThatIsLeast_IsPromoted()
    {
        _higher = false;
        var schedule = Of(3);
        Take(schedule, 3);
        End(schedule, 1, 0.2);
        End(schedule, 2, 0.3);
        End(schedule, 3, 0.1);
        Assert.Equal([("t3", 3)], Take(schedule, 1));
    }

    [Fact]
    public void LastRung_IsToTheEnd()
    {
        _done["t1"] = History("test_accuracy", 0.5, 0.5, 0.5);
        _done["t2"] = History("test_accuracy", 0.4, 0.4, 0.4);
        _done["t3"] = History("test_accuracy", 0.6, 0.6, 0.6);
        Assert.Equal([("t3", null)], Take(Of(3, StopReason.Cancelled), 1));
    }

    [Fact]
    public void InterruptedTrial_ComesFirst()
    {
        _done["t3"] = History("test_accuracy", 0.1, 0.1); // on its way from 1 to 3
        Assert.Equal([("t3", 3), ("t1", 1)], Take(Of(3, StopReason.Running), 2));
    }

    [Fact]
    public void ValueAtTheRung_Counts_NotALaterOne()
    {
        _done["t1"] = History("test_accuracy", 0.5, 0.0);
        _done["t2"] = History("test_accuracy", 0.4);
        _done["t3"] = History("test_accuracy", 0.3);
        var schedule = Of(3, StopReason.Cancelled);
        Assert.Equal([("t1", 3), null], Take(schedule, 2)); // interrupted, and the best of its rung
    }

    [Fact]
    public void TrialWithoutAValue_IsNeverPromoted()
    {
        var schedule = Of(3);
        Take(schedule, 3);
        End(schedule, 1, double.NaN);
        End(schedule, 2, double.NaN);
        End(schedule, 3, double.PositiveInfinity);
        Assert.Equal([null], Take(schedule, 1));
    }

    [Fact]
    public void FailedTrial_CountsAsTheWorstOfItsRung()
    {
        var schedule = Of(4);
        Take(schedule, 3);
        End(schedule, 1, 0.1);
        End(schedule, 2, 0.2);
        schedule.Ended(Job(3), null, failed: true);
        Assert.Equal([("t2", 3), ("t4", 1)], Take(schedule, 2));
    }

    [Fact]
    public void WhenNothingElseIsLeft_TheBestGoesToTheEnd()
    {
        var schedule = Of(2);
        Take(schedule, 2);
        End(schedule, 1, 0.1);
        Assert.Equal([null], Take(schedule, 1)); // one is under way
        End(schedule, 2, 0.2);
        Assert.Equal([("t2", 3)], Take(schedule, 1));
        End(schedule, 2, 0.1, 0.1, 0.1);
        Assert.Equal([("t2", null)], Take(schedule, 1));
        End(schedule, 2, [.. Enumerable.Repeat(0.1, 9)]);
        Assert.Equal([null], Take(schedule, 1));
    }

    [Fact]
    public void HigherRung_ComesFirst()
    {
        _done["t1"] = History("test_accuracy", 0.5, 0.5, 0.5);
        _done["t2"] = History("test_accuracy", 0.4, 0.4, 0.4);
        _done["t3"] = History("test_accuracy", 0.6, 0.6, 0.6);
        _done["t4"] = History("test_accuracy", 0.9);
        for (int i = 5; i <= 9; i++)
        {
            _done[$"t{i}"] = History("test_accuracy", 0.1);
        }

        Assert.Equal([("t3", null), ("t4", 3), null], Take(Of(9), 3));
    }

    /// <summary>One that ended on the highest rung with a value is the end that a study needs; one without is none.</summary>
    [Theory]
    [InlineData(StopReason.StoppedEarly, 0.3, false)]
    [InlineData(StopReason.NonFinite, double.NaN, true)]
    public void BestGoesToTheEnd_UnlessOneHasEndedAsFar(StopReason reason, double value, bool goesOn)
    {
        var schedule = Of(2);
        Take(schedule, 2);
        var ended = History("test_accuracy", value, value, value);
        ended.StopReason = reason;
        schedule.Ended(Job(1), ended, failed: false);
        End(schedule, 2, 0.5, 0.5, 0.5);
        (string, int?)? next = goesOn ? ("t2", null) : null;
        Assert.Equal([next], Take(schedule, 1));
    }

    [Fact]
    public void TrialsElsewhere_AreNotGiven()
    {
        _elsewhere.Add("t1");
        Assert.Equal([("t2", 1), null], Take(Of(2), 2));
    }

    [Fact]
    public void TrialsThatAreOver_AreNotGiven()
    {
        _over.Add("t1");
        Assert.Equal([("t2", 1), null], Take(Of(2), 2));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(4, 4)]
    [InlineData(5, 4)]
    public void Budget_IsNotExceeded(int most, int given) =>
        Assert.Equal(given, Take(Of(4, most: most), 6).Count(step => step is not null));

    [Fact]
    public void Budget_IsForWhatIsUnderWayToo()
    {
        var schedule = Of(3, most: 4);
        Take(schedule, 3);
        End(schedule, 1, 0.1);
        End(schedule, 2, 0.2);
        End(schedule, 3, 0.3);
        Assert.Equal([null], Take(schedule, 1)); // two more epochs would be five
        var wider = Of(3, most: 5);
        Take(wider, 3);
        End(wider, 1, 0.1);
        End(wider, 2, 0.2);
        End(wider, 3, 0.3);
        Assert.Equal([("t3", 3)], Take(wider, 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TrialThatTheDiskFailed_GoesOn(bool canTryAgain)
    {
        _done["t1"] = History("test_accuracy", 0.5);
        _again = canTryAgain;
        _over.Add("t1");
        (string, int?)? next = canTryAgain ? ("t1", 3) : null;
        Assert.Equal([next], Take(Of(1, StopReason.Failed), 1));
    }

    /// <summary>Its last epoch is done, but not the end of its run; the budget is no hindrance.</summary>
    [Theory]
    [InlineData(StopReason.Running, false)]
    [InlineData(StopReason.Cancelled, false)]
    [InlineData(StopReason.Failed, true)]
    public void TrialInterruptedAfterItsLastEpoch_IsEnded(StopReason reason, bool canTryAgain)
    {
        _done["t1"] = History("test_accuracy", [.. Enumerable.Repeat(0.5, 9)]);
        _again = canTryAgain;
        var schedule = Of(1, reason, most: 9);
        Assert.Equal([("t1", null), null], Take(schedule, 2));
        End(schedule, 1, [.. Enumerable.Repeat(0.5, 9)]);
        Assert.Equal([null], Take(schedule, 1));
    }

    [Fact]
    public void PartOfAnEpoch_IsNone()
    {
        _done["t1"] = History([Epoch.Of(1, "test_accuracy", 0.5) with { IsPartial = true }]);
        Assert.Equal([("t1", 1)], Take(Of(1, StopReason.Running), 1));
    }

    private SuccessiveHalving Of(int trials, StopReason reason = StopReason.Cancelled, int? most = null)
    {
        foreach (var history in _done.Values)
        {
            history.StopReason = reason;
        }

        return new SuccessiveHalving(
            new SuccessiveHalvingOptions { MaximumEpochs = 9, MaximumTotalEpochs = most },
            Enumerable.Range(1, trials).Select(Job),
            TheStudy with
            {
                HigherIsBetter = _higher,
            },
            trial => _done.GetValueOrDefault(trial.Setting),
            trial => _elsewhere.Contains(trial.Setting)
        );
    }

    private TrialJob Job(int number) =>
        new(
            number,
            new StudyFile.Entry(
                $"t{number}",
                Factors(),
                1,
                $"{number}",
                _over.Contains($"t{number}") ? "failed" : null,
                CanTryAgain: _again
            )
        );

    private static List<(string Trial, int? Until)?> Take(SuccessiveHalving schedule, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => schedule.Next() is TrialJob job ? (job.Trial.Setting, job.UntilEpoch) : ((string, int?)?)null),
        ];

    private void End(SuccessiveHalving schedule, int trial, params double[] values)
    {
        var history = History("test_accuracy", values);
        history.StopReason = values.Length == 9 ? StopReason.Completed : StopReason.Cancelled;
        schedule.Ended(Job(trial), history, failed: false);
    }
}
