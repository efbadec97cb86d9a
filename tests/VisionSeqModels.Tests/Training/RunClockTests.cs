using VisionSeqModels.Runs;

namespace VisionSeqModels.Tests.Training;

public sealed class RunClockTests
{
    [Fact]
    public void Seconds_CountOn_FromWhatWasSaved()
    {
        var clock = new RunClock();
        Assert.InRange(clock.Seconds, 0, 500);
        clock.Restart(1000);
        double first = clock.Seconds;
        Assert.InRange(first, 1000, 1500);
        Assert.True(clock.Seconds >= first);
        clock.Restart();
        Assert.InRange(clock.Seconds, 0, 500);
    }
}
