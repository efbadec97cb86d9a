using VisionSeqModels.Runs;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Callbacks;

/// <summary>What a run and a study show on terminals of 80, 60 and 40 columns, as TestData/terminal has it.</summary>
public sealed class TerminalCaptureTests
{
    private static readonly TimeSpan Left = TimeSpan.FromSeconds(3900);

    private static readonly EpochRecord Record = new()
    {
        Epoch = 3,
        Metrics = new Dictionary<string, double>
        {
            ["train_loss"] = 1.2345,
            ["train_accuracy"] = 0.5625,
            ["test_loss"] = 1.3456,
            ["test_accuracy"] = 0.5312,
        },
        LearningRate = 1,
        Seconds = 60,
        SamplesPerSecond = 1234,
        Steps = 1,
        Samples = 1,
        IsFinite = true,
    };

    [Theory]
    [InlineData(80)]
    [InlineData(60)]
    [InlineData(40)]
    public void LiveLines_AreAsCaptured(int columns)
    {
        string text = string.Concat(Run(columns - 1).Concat(Study(columns)).Select(line => line + "\n"));
        string path = Path.Combine(AppContext.BaseDirectory, "TestData", "terminal", $"{columns}.txt");
        Assert.True(File.ReadAllText(path).ReplaceLineEndings("\n") == text, text);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length < columns, line));
    }

    /// <summary>However narrow, and however large the numbers.</summary>
    [Fact]
    public void LiveLineOfARun_NeverExceedsItsRoom()
    {
        foreach (int room in Enumerable.Range(19, 100))
        {
            foreach (var line in Lines(epoch: 1_000_000, TimeSpan.FromDays(100)))
            {
                Assert.InRange(line.Fit(room).Length, 1, room);
            }
        }
    }

    private static IEnumerable<string> Run(int room) => Lines(epoch: 3, Left).Select(line => line.Fit(room));

    private static ProgressLine[] Lines(int epoch, TimeSpan left)
    {
        var training = new ProgressLine
        {
            Epoch = epoch,
            Epochs = 10,
            Fraction = 0.335,
            Step = 42,
            SamplesPerSecond = 1234,
            TrainLoss = 1.2345,
            Remaining = left,
        };
        return
        [
            training with
            {
                Remaining = null,
            },
            training,
            training with
            {
                Fraction = null,
            },
            training with
            {
                Evaluated = "test",
                Fraction = 1,
            },
        ];
    }

    /// <summary>Four trials at once, one that has ended; time passes between two reports.</summary>
    private static IReadOnlyList<string> Study(int columns)
    {
        using var screen = new TerminalScreen(columns);
        var reporter = new StudyProgressReporter(screen, live: true, new MinuteClock(), () => columns);
        var trial = new StudyProgress
        {
            Event = TrialEvent.Training,
            Trial = 1,
            TrialCount = 12,
            Setting = "base",
            Seed = 1,
            Epoch = 1,
            Epochs = 10,
            EpochFraction = 0,
        };
        reporter.Report(trial);
        reporter.Report(trial with { Event = TrialEvent.DoneBefore, Trial = 5 });
        reporter.Report(trial with { Event = TrialEvent.Ended, Epoch = 1, Outcome = StopReason.Completed, Record = Record });
        foreach (int number in new[] { 2, 3, 4 })
        {
            reporter.Report(trial with { Trial = number, Epoch = number, EpochFraction = 0.5 });
        }

        reporter.Report(trial with { Event = TrialEvent.Evaluating, Trial = 3, Epoch = 3 });
        Assert.Equal(0, screen.Wraps);
        return screen.Rows;
    }

    /// <summary>A minute passes whenever somebody looks.</summary>
    private sealed class MinuteClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds += 60;
    }
}
