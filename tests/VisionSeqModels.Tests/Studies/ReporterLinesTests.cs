using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The line that each event leaves.</summary>
public sealed class ReporterLinesTests
{
    private static readonly StudyProgress Trial = new()
    {
        Event = TrialEvent.Ended,
        Trial = 2,
        TrialCount = 3,
        Setting = "b",
        Seed = 7,
        Epoch = 4,
    };

    public static TheoryData<TrialEvent, StopReason?, string?, string> Ends =>
        new()
        {
            { TrialEvent.Ended, StopReason.Completed, null, "trial 2 of 3: b, seed 7: 4 epochs" },
            { TrialEvent.Ended, StopReason.Cancelled, null, "trial 2 of 3: b, seed 7: cancelled in epoch 4; its state is saved" },
            { TrialEvent.Ended, StopReason.Failed, "no model", "trial 2 of 3: b, seed 7: failed: no model" },
            { TrialEvent.Ended, StopReason.Failed, null, "trial 2 of 3: b, seed 7: failed: " },
            { TrialEvent.Ended, StopReason.NonFinite, "NaN", "trial 2 of 3: b, seed 7: stopped: NaN" },
            { TrialEvent.Ended, StopReason.StoppedEarly, null, "trial 2 of 3: b, seed 7: stopped: " },
            { TrialEvent.Lost, null, null, "trial 2 of 3: b, seed 7: taken over by another worker, since this one was late" },
            { TrialEvent.DoneBefore, null, null, "trial 2 of 3: b, seed 7: done before" },
            { TrialEvent.Paused, null, null, "trial 2 of 3: b, seed 7: waits after epoch 4" },
            { TrialEvent.Started, null, null, "trial 2 of 3: b, seed 7" },
            { TrialEvent.Training, null, null, "" },
            { TrialEvent.Evaluating, null, null, "" },
        };

    [Theory]
    [MemberData(nameof(Ends))]
    public void Event_HasItsLine(TrialEvent what, StopReason? outcome, string? reason, string line)
    {
        using var writer = new StringWriter();
        new StudyProgressReporter(writer).Report(Trial with { Event = what, Outcome = outcome, Reason = reason });
        Assert.Equal(line.Length == 0 ? "" : line + Environment.NewLine, writer.ToString());
    }

    [Fact]
    public void FoldAndOtherWorker_AreNamed()
    {
        using var writer = new StringWriter();
        new StudyProgressReporter(writer).Report(Trial with { Event = TrialEvent.DoneBefore, Fold = 3, Worker = "w\t1" });
        Assert.Equal("trial 2 of 3: b, seed 7, fold 3 (w 1): done before" + Environment.NewLine, writer.ToString());
        Assert.Throws<ArgumentNullException>(() => new StudyProgressReporter(null!));
        Assert.Throws<ArgumentNullException>(() => new StudyProgressReporter(writer).Report(null!));
    }

    [Fact]
    public void LiveLine_HasTheTimeThatIsLeft_ByTheClock()
    {
        using var screen = new TerminalScreen(80);
        var clock = new Clock();
        var reporter = new StudyProgressReporter(screen, live: true, clock, () => 80);
        reporter.Report(Trial with { Event = TrialEvent.Training, Epoch = 1, Epochs = 4 });
        Assert.Equal("0 of 3 over | 2: 1/4   0%", screen.Rows[^1]);
        clock.Seconds = 30;
        reporter.Report(Trial with { Event = TrialEvent.EpochEnd, Epoch = 1, Epochs = 4 });
        Assert.Equal("0 of 3 over  ETA 05:30 | 2: 1/4   0%", screen.Rows[^1]); // a quarter of a trial is done of three
    }

    [Fact]
    public void LiveLine_CountsWhatIsOver_NotWhatWaitsOrWasLost()
    {
        using var screen = new TerminalScreen(80);
        var reporter = new StudyProgressReporter(screen, live: true, columns: () => 80);
        reporter.Report(Trial with { Event = TrialEvent.DoneBefore, Trial = 1 });
        reporter.Report(Trial with { Event = TrialEvent.Started });
        reporter.Report(Trial with { Event = TrialEvent.Started, Trial = 3 });
        Assert.Equal("1 of 3 over | 2: 4/?   0% | 3: 4/?   0%", screen.Rows[^1]);
        reporter.Report(Trial with { Event = TrialEvent.Paused });
        Assert.Equal("1 of 3 over | 3: 4/?   0%", screen.Rows[^1]);
        reporter.Report(Trial with { Event = TrialEvent.Started });
        reporter.Report(Trial with { Event = TrialEvent.Lost });
        Assert.Equal("1 of 3 over | 3: 4/?   0%", screen.Rows[^1]);
        reporter.Report(Trial with { Event = TrialEvent.Started });
        reporter.Report(Trial with { Outcome = StopReason.Failed });
        Assert.Equal("2 of 3 over | 3: 4/?   0%", screen.Rows[^1]);
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
