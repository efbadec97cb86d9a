using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyLineTests
{
    [Fact]
    public void Line_HasWhatIsOver_TheTimeLeft_AndTheTrialsUnderWay()
    {
        Assert.Equal("1 of 3 over", Line(80));
        Assert.Equal("1 of 3 over  ETA 01:05", StudyLine.Fit(1, 3, TimeSpan.FromSeconds(65), [], 80));
        Assert.Equal("1 of 3 over | 2: 3/5  49%", Line(80, At(2) with { Epoch = 3, Epochs = 5, EpochFraction = 0.499 }));
        Assert.Equal("1 of 3 over | 2: 1/?   0%", Line(80, At(2)));
        Assert.Equal("1 of 3 over | 2: 1/5 100%", Line(80, At(2) with { Epoch = 1, Epochs = 5, EpochFraction = 1 }));
        Assert.Equal("1 of 3 over | 2: 2/5 eval", Line(80, At(2) with { Event = TrialEvent.Evaluating, Epoch = 2, Epochs = 5 }));
    }

    /// <summary>“1 of 3 over” has 11 letters, each trial 14, “ | +1” five.</summary>
    [Theory]
    [InlineData(39, "1 of 3 over | 2: 1/?   0% | 3: 1/?   0%")]
    [InlineData(38, "1 of 3 over | 2: 1/?   0% | +1")]
    [InlineData(30, "1 of 3 over | 2: 1/?   0% | +1")]
    [InlineData(29, "1 of 3 over | +2")]
    [InlineData(16, "1 of 3 over | +2")]
    [InlineData(15, "1 of 3 over")]
    [InlineData(11, "1 of 3 over")]
    [InlineData(10, "1 of 3 ov…")]
    public void TrialsWithoutRoom_AreCounted(int room, string line) => Assert.Equal(line, Line(room, At(2), At(3)));

    /// <summary>“ | +9” has a letter less than “ | +10”.</summary>
    [Theory]
    [InlineData(30, "1 of 3 over | 2: 1/?   0% | +9")]
    [InlineData(29, "1 of 3 over | +10")]
    public void Room_IsForTheNumberOfThoseThatAreLeft(int room, string line) =>
        Assert.Equal(line, Line(room, [.. Enumerable.Repeat(At(2), 10)]));

    private static string Line(int room, params StudyProgress[] trials) => StudyLine.Fit(1, 3, null, trials, room);

    private static StudyProgress At(int trial) =>
        new()
        {
            Event = TrialEvent.Training,
            Trial = trial,
            TrialCount = 3,
            Setting = "a",
            Seed = 1,
        };
}
