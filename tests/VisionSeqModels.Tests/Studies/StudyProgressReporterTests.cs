using VisionSeqModels.Runs;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyProgressReporterTests
{
    private static readonly EpochRecord Record = new()
    {
        Epoch = 2,
        Metrics = new Dictionary<string, double> { ["train_loss"] = 1.25, ["test_accuracy"] = 0.5 },
        LearningRate = 1,
        Seconds = 3.21,
        SamplesPerSecond = 1,
        Steps = 1,
        Samples = 1,
        IsFinite = true,
    };

    [Fact]
    public void Redirected_ItWritesPlainLines()
    {
        Assert.Equal(
            [
                "trial 1 of 3: a, seed 7: done before",
                "trial 2 of 3: b, seed 7",
                "trial 2: epoch 2/4  train_loss 1.2500  test_accuracy 0.5000  3.2 s",
                "trial 3 of 3: c, seed 7",
                "trial 2 of 3: b, seed 7: 4 epochs  train_loss 1.2500  test_accuracy 0.5000",
                "trial 3 of 3: c, seed 7: failed: no such model",
            ],
            Written(Story).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
        );
    }

    [Theory]
    [InlineData(80, "1 of 3 over | 2: 2/4  50% | 3: 1/?   0%")]
    [InlineData(40, "1 of 3 over | 2: 2/4  50% | 3: 1/?   0%")]
    [InlineData(35, "1 of 3 over | 2: 2/4  50% | +1")]
    public void OnATerminal_OneLineShowsTheTrialsUnderWay_AndGoesAway(int columns, string line)
    {
        using var screen = new TerminalScreen(columns);
        var reporter = new StudyProgressReporter(screen, live: true, columns: () => columns);
        Array.ForEach(Story[..5], reporter.Report);
        Assert.Equal(line, screen.Rows[^1]);
        Array.ForEach(Story[5..], reporter.Report);

        Assert.Equal(0, screen.Wraps);
        Assert.Equal(
            "trial 1 of 3: a, seed 7: done before trial 2 of 3: b, seed 7: 4 epochs train_loss 1.2500 test_accuracy 0.5000 "
                + "trial 3 of 3: c, seed 7: failed: no such model",
            string.Join(' ', screen.Rows.SelectMany(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        );
    }

    [Fact]
    public void ManyTrials_AreCountedWhereThereIsNoRoom()
    {
        using var screen = new TerminalScreen(40);
        var reporter = new StudyProgressReporter(screen, live: true, columns: () => 40);
        foreach (int trial in Enumerable.Range(1, 50))
        {
            reporter.Report(At(TrialEvent.Started, trial, 50));
        }

        Assert.Equal(["0 of 50 over | 1: 1/?   0% | +49"], screen.Rows);
        Assert.Equal(0, screen.Wraps);
    }

    [Fact]
    public void OneEpoch_IsNotInThePlural() =>
        Assert.Contains(
            "b, seed 7: 1 epoch  train_loss",
            Written([At(TrialEvent.Ended, 2) with { Epoch = 1, Outcome = StopReason.Completed, Record = Record }]),
            StringComparison.Ordinal
        );

    [Fact]
    public void Waiting_IsNotOver() =>
        Assert.Contains(
            "trial 2 of 3: b, seed 7: waits after epoch 2  train_loss 1.2500  test_accuracy 0.5000",
            Written([
                At(TrialEvent.Started, 2),
                At(TrialEvent.Paused, 2) with
                {
                    Epoch = 2,
                    Record = Record,
                    Outcome = StopReason.Cancelled,
                },
            ]),
            StringComparison.Ordinal
        );

    private static StudyProgress[] Story =>
        [
            At(TrialEvent.DoneBefore, 1),
            At(TrialEvent.Started, 2),
            At(TrialEvent.Training, 2) with
            {
                Epoch = 2,
                Epochs = 4,
                EpochFraction = 0.5,
            },
            At(TrialEvent.EpochEnd, 2) with
            {
                Epoch = 2,
                Epochs = 4,
                EpochFraction = 0.5,
                Record = Record,
            },
            At(TrialEvent.Started, 3),
            At(TrialEvent.Ended, 2) with
            {
                Epoch = 4,
                Outcome = StopReason.Completed,
                Record = Record,
            },
            At(TrialEvent.Ended, 3) with
            {
                Outcome = StopReason.Failed,
                Reason = "no such model",
            },
        ];

    private static StudyProgress At(TrialEvent what, int trial, int count = 3) =>
        new()
        {
            Event = what,
            Trial = trial,
            TrialCount = count,
            Setting = $"{(char)('a' + trial - 1)}",
            Seed = 7,
        };

    private static string Written(StudyProgress[] story)
    {
        using var writer = new StringWriter();
        var reporter = new StudyProgressReporter(writer);
        Array.ForEach(story, reporter.Report);
        return writer.ToString();
    }
}
