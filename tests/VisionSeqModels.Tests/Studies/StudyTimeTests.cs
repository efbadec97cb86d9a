using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyTimeTests
{
    private readonly Clock _clock = new();

    /// <summary>Four trials of ten epochs: one was done before, one resumes after nine epochs, and takes a minute for the
    /// tenth.</summary>
    [Fact]
    public void AfterAResume_OnlyWhatThisProcessDidCounts()
    {
        var time = new StudyTime(_clock);
        time.See(At(TrialEvent.DoneBefore, 1, epoch: 0));
        time.See(At(TrialEvent.Training, 2, epoch: 10));
        _clock.Seconds = 30;
        Assert.Null(time.Remaining(4));
        time.See(At(TrialEvent.Training, 2, epoch: 10) with { EpochFraction = 0.5 });
        Assert.Equal(30 * 41, time.Remaining(4)!.Value.TotalSeconds, 0.001); // half an epoch of 20.5 that were left

        _clock.Seconds = 60;
        time.See(At(TrialEvent.Ended, 2, epoch: 10));
        Assert.Equal(60 * 20, time.Remaining(4)!.Value.TotalSeconds, 0.001);
    }

    [Fact]
    public void WithHalving_NobodyKnows()
    {
        var time = new StudyTime(_clock);
        time.See(At(TrialEvent.Training, 1, epoch: 1));
        _clock.Seconds = 60;
        time.See(At(TrialEvent.EpochEnd, 1, epoch: 1));
        Assert.NotNull(time.Remaining(4));
        time.See(At(TrialEvent.Paused, 1, epoch: 1));
        Assert.Null(time.Remaining(4));
    }

    private static StudyProgress At(TrialEvent what, int trial, int epoch) =>
        new()
        {
            Event = what,
            Trial = trial,
            TrialCount = 4,
            Setting = "a",
            Seed = 1,
            Epoch = epoch,
            Epochs = 10,
            EpochFraction = 0,
        };

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
