namespace VisionSeqModels.Tests.Callbacks;

public sealed class RemainingTimeTests
{
    private readonly Clock _clock = new();

    /// <summary>10 epochs of 100 steps of one second, and 20 seconds of evaluation after each.</summary>
    [Fact]
    public void OfARun_CountsStepsAndEvaluationsThatAreLeft()
    {
        var time = new RemainingTime(_clock);
        Epoch(time, from: 0);
        _clock.Seconds += 19;
        Epoch(time, from: 0, steps: 50);

        // 50 steps; 8 epochs of 99 steps and 20 seconds to the next; the last evaluation
        Assert.Equal(TimeSpan.FromSeconds(50 + (8 * 119) + 20), time.Of(50, 100, epochsLeft: 8));
    }

    /// <summary>An hour's work lies behind, done by another process: three steps say how long this one takes.</summary>
    [Fact]
    public void RightAfterAResume_IsThatOfThisProcess()
    {
        var time = new RemainingTime(_clock);
        time.EpochBegins();
        time.StepEnds();
        Assert.Null(time.Of(91, 100, epochsLeft: 0));
        for (int step = 92; step <= 94; step++)
        {
            _clock.Seconds++;
            time.StepEnds();
        }

        Assert.Equal(TimeSpan.FromSeconds(6), time.Of(94, 100, epochsLeft: 0));
    }

    [Fact]
    public void WhileItIsEvaluated_ItGoesDown_AndNeverBelowZero()
    {
        var time = new RemainingTime(_clock);
        Epoch(time, from: 0);
        _clock.Seconds += 19;
        Epoch(time, from: 0);
        _clock.Seconds += 5;
        Assert.Equal(TimeSpan.FromSeconds(15), time.Of(100, 100, epochsLeft: 0));
        _clock.Seconds += 50;
        Assert.Equal(TimeSpan.Zero, time.Of(100, 100, epochsLeft: 0));
    }

    [Fact]
    public void OfDataThatDoesNotSayItsSize_IsUnknown()
    {
        var time = new RemainingTime(_clock);
        Epoch(time, from: 0);
        Assert.Null(time.Of(100, null, epochsLeft: 3));
    }

    private void Epoch(RemainingTime time, int from, int steps = 100)
    {
        time.EpochBegins();
        for (int step = from; step < steps; step++)
        {
            _clock.Seconds++;
            time.StepEnds();
        }
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
