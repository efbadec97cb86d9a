using VisionSeqModels.Runs;

namespace VisionSeqModels.Tests.Training;

/// <summary>What a history says of epochs that never were.</summary>
public sealed class RunHistoryTests
{
    private static readonly EpochRecord Partial = Epoch.Of(4, "test_loss", 0.01) with { IsPartial = true };

    [Fact]
    public void Metric_IsNaNWhereAnEpochHasNone_AndNamesComeInTheOrderOfTheirFirst()
    {
        var history = History(Epoch.Of(1, "b", 1), Epoch.Of(2, "a", 2), Epoch.Of(3, "b", 3));
        Assert.Equal(["b", "a"], history.MetricNames);
        Assert.Equal([1, double.NaN, 3], history["b"]);
        Assert.Equal([double.NaN, 2, double.NaN], history["a"]);
    }

    [Fact]
    public void UnknownMetric_ListsThoseThereAre_WithoutControlCharacters()
    {
        Assert.Equal(
            "The history has no metric named 'x[2J'. Recorded metrics: b, a[1m.",
            Assert.Throws<KeyNotFoundException>(() => History(Epoch.Of(1, "b", 1), Epoch.Of(2, "a\e[1m", 2))["x\e[2J"]).Message
        );
        Assert.Contains(
            "Recorded metrics: none, since no epoch was finished.",
            Assert.Throws<KeyNotFoundException>(() => History()["loss"]).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Best_IsAFullEpochWithAFiniteValue_AndTheFirstOfEquals()
    {
        var history = History(
            Epoch.Of(1, "test_loss", double.NaN),
            Epoch.Of(2, "test_loss", 0.5),
            Epoch.Of(3, "test_loss", 0.5),
            Partial,
            Epoch.Of(5, "test_loss", double.NegativeInfinity),
            Epoch.Of(6, "test_loss", 0.7),
            Epoch.Of(7, "test_loss", double.PositiveInfinity)
        );
        Assert.Equal(2, history.Best("test_loss", higherIsBetter: false)!.Epoch);
        Assert.Equal(6, history.Best("test_loss", higherIsBetter: true)!.Epoch);
        Assert.Null(history.Best("other", higherIsBetter: true));
        Assert.Null(History(Partial).Best("test_loss", higherIsBetter: false));
    }

    [Fact]
    public void RecordOfARun_BecomesItsHistory()
    {
        var record = Record([Epoch.Of(1, "test_loss", 1)]) with { Warnings = ["a picture failed"] };
        var history = TrainingHistory.Of(record, "folder");
        Assert.Equal((StopReason.StoppedEarly, "enough"), (history.StopReason, history.StopMessage));
        Assert.Equal(
            (DateTimeOffset.UnixEpoch, 2.5, 7, "cpu"),
            (history.StartedAt, history.Seconds, history.Seed, history.Device)
        );
        Assert.Equal((3, 11, "folder"), (history.ThreadCount, history.Steps, history.RunDirectory));
        Assert.Equal(["a picture failed"], history.Warnings);
        Assert.Equal([2], history.Resumes.Select(one => one.Epoch));
        Assert.Equal([1], history.Epochs.Select(one => one.Epoch));
        Assert.Empty(TrainingHistory.Of(Record([]), "folder").Warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void FolderWithoutAName_IsRefused(string folder)
    {
        Assert.Throws<ArgumentException>(() => TrainingHistory.Load(folder));
        Assert.Throws<ArgumentException>(() => RunReport.Open(folder));
        Assert.Throws<ArgumentException>(() => RunDirectory.CanResume(folder));
        Assert.Throws<ArgumentException>(() => RunDirectory.New(folder, "name"));
        Assert.Throws<ArgumentException>(() => RunDirectory.New("runs", folder));
    }

    internal static RunRecord Record(IReadOnlyList<EpochRecord> epochs) =>
        new()
        {
            Status = StopReason.StoppedEarly,
            StopMessage = "enough",
            Started = DateTimeOffset.UnixEpoch,
            Seconds = 2.5,
            Seed = 7,
            Device = "cpu",
            Threads = 3,
            Steps = 11,
            Epochs = epochs,
            Resumes =
            [
                new ResumeRecord
                {
                    Time = DateTimeOffset.UnixEpoch,
                    Epoch = 2,
                    Step = 4,
                    Changes = [],
                },
            ],
        };

    private static TrainingHistory History(params EpochRecord[] epochs) => TrainingHistory.Of(Record(epochs), "folder");
}
