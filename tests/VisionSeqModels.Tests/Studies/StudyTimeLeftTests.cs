using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The time to a study's end, of trials of four epochs each.</summary>
public sealed class StudyTimeLeftTests
{
    private readonly Clock _clock = new();
    private readonly StudyTime _time;

    public StudyTimeLeftTests() => _time = new StudyTime(_clock);

    [Fact]
    public void FirstTwoSeconds_SayNothing()
    {
        See(TrialEvent.Training, 1, 0);
        See(TrialEvent.Training, 2, 0);
        Assert.Null(_time.Remaining(2));
        _clock.Milliseconds = 1999;
        Assert.Null(_time.Remaining(2));
        _clock.Milliseconds = 2000;
        Assert.Equal(14, _time.Remaining(2)!.Value.TotalSeconds, 1e-6); // an epoch of eight in two seconds
    }

    [Theory]
    [InlineData(0.07, false)] // of an epoch: below a fiftieth of the trial
    [InlineData(0.09, true)]
    public void HardlyAnyWork_SaysNothing(double fraction, bool isKnown)
    {
        See(TrialEvent.Training, 1, 0);
        See(TrialEvent.Training, 1, fraction);
        _clock.Milliseconds = 10_000;
        Assert.Equal(isKnown, _time.Remaining(1) is not null);
    }

    [Fact]
    public void FiftiethOfATrial_IsEnough()
    {
        _time.See(At(1) with { Event = TrialEvent.Training, Epoch = 1, Epochs = 1, EpochFraction = 0 });
        _time.See(At(1) with { Event = TrialEvent.Training, Epoch = 1, Epochs = 1, EpochFraction = 0.02 });
        _clock.Milliseconds = 10_000;
        Assert.Equal(490, _time.Remaining(1)!.Value.TotalSeconds, 1e-6);
    }

    [Fact]
    public void OnceATrialHasPaused_NobodyKnows()
    {
        _clock.Milliseconds = 4000;
        See(TrialEvent.Training, 1, 0);
        See(TrialEvent.EpochEnd, 1, 1);
        Assert.NotNull(_time.Remaining(1));
        See(TrialEvent.Paused, 1, null);
        See(TrialEvent.Paused, 1, null); // it, or another
        Assert.Null(_time.Remaining(1));
    }

    [Fact]
    public void EvaluationAndEndOfAnEpoch_CountTheEpoch()
    {
        _clock.Milliseconds = 4000;
        See(TrialEvent.Training, 1, 0);
        See(TrialEvent.Evaluating, 1, 0.1);
        Assert.Equal(12, _time.Remaining(1)!.Value.TotalSeconds, 1e-6);
        See(TrialEvent.EpochEnd, 2, 1);
        Assert.Equal(4, _time.Remaining(1)!.Value.TotalSeconds, 1e-6);
    }

    [Fact]
    public void TrialsThatAreOver_AreNotLeft()
    {
        _clock.Milliseconds = 4000;
        See(TrialEvent.Training, 1, 0);
        See(TrialEvent.EpochEnd, 4, 1);
        Assert.Equal(4, _time.Remaining(2)!.Value.TotalSeconds, 1e-6);
        _time.See(At(2) with { Event = TrialEvent.DoneBefore });
        Assert.Equal(0, _time.Remaining(2)!.Value.TotalSeconds, 1e-6);
        See(TrialEvent.Ended, 4, null);
        Assert.Equal(4, _time.Remaining(3)!.Value.TotalSeconds, 1e-6);
        Assert.Equal(0, _time.Remaining(1)!.Value.TotalSeconds); // never below
    }

    [Fact]
    public void TrialWhoseLengthIsNotKnown_DoesNotCount()
    {
        _clock.Milliseconds = 4000;
        _time.See(At(1) with { Event = TrialEvent.Training, Epoch = 1, EpochFraction = 0 });
        _time.See(At(1) with { Event = TrialEvent.Training, Epoch = 1, EpochFraction = 0.5 });
        _time.See(At(1) with { Event = TrialEvent.Ended });
        Assert.Null(_time.Remaining(2));
    }

    private void See(TrialEvent what, int epoch, double? fraction) =>
        _time.See(At(1) with { Event = what, Epoch = epoch, Epochs = 4, EpochFraction = fraction });

    private static StudyProgress At(int trial) =>
        new()
        {
            Event = TrialEvent.Started,
            Trial = trial,
            TrialCount = 4,
            Setting = "a",
            Seed = 1,
        };

    private sealed class Clock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
