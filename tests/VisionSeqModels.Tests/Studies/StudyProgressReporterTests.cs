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
            Written(live: false, Story).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
        );
    }

    [Fact]
    public void OnATerminal_OneLineShowsAllTrialsUnderWay_AndGoesAway()
    {
        string written = Written(live: true, Story);
        Assert.Contains(
            "1 of 3 over | 2: 2/4 50% | 3: 1/? 0% ",
            written.Replace(" %", "%", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Equal(
            [
                "trial 1 of 3: a, seed 7: done before",
                "trial 2 of 3: b, seed 7: 4 epochs  train_loss 1.2500  test_accuracy 0.5000",
                "trial 3 of 3: c, seed 7: failed: no such model",
                "",
            ],
            Screen(written)
        );
    }

    [Fact]
    public void LiveLine_IsNeverLongerThanItMayBe()
    {
        string written = Written(live: true, [.. Enumerable.Range(1, 50).Select(i => At(TrialEvent.Started, i, 50))], width: 40);
        Assert.All(written.Split('\r'), part => Assert.True(part.Length <= 40, part));
        Assert.Contains('…', written);
    }

    [Fact]
    public void Waiting_IsNotOver() =>
        Assert.Contains(
            "trial 2 of 3: b, seed 7: waits after epoch 2  train_loss 1.2500  test_accuracy 0.5000",
            Written(
                live: false,
                [
                    At(TrialEvent.Started, 2),
                    At(TrialEvent.Paused, 2) with
                    {
                        Epoch = 2,
                        Record = Record,
                        Outcome = StopReason.Cancelled,
                    },
                ]
            ),
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

    private static string Written(bool live, StudyProgress[] story, int width = 79)
    {
        using var writer = new StringWriter();
        var reporter = new StudyProgressReporter(writer, live, width);
        Array.ForEach(story, reporter.Report);
        return writer.ToString();
    }

    /// <summary>What a terminal shows in the end: a carriage return goes back to the line's begin, and what is written then
    /// stands over what was there.</summary>
    private static string[] Screen(string written) =>
        [
            .. written
                .Split(Environment.NewLine)
                .Select(line =>
                {
                    var shown = new char[200];
                    Array.Fill(shown, ' ');
                    foreach (string part in line.Split('\r'))
                    {
                        part.CopyTo(0, shown, 0, part.Length);
                    }

                    return new string(shown).TrimEnd();
                }),
        ];
}
