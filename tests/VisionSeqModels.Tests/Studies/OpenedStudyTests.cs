using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What is read of each trial of a study's folder.</summary>
public sealed class OpenedStudyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, "cancelled", StopReason.StoppedEarly, "successive halving, after epoch 1 of 9")]
    [InlineData(3, "cancelled", StopReason.StoppedEarly, "successive halving, after epoch 3 of 9")]
    [InlineData(2, "cancelled", StopReason.Cancelled, null)]
    [InlineData(0, "cancelled", StopReason.Cancelled, null)]
    [InlineData(3, "running", StopReason.Running, null)]
    [InlineData(9, "cancelled", StopReason.Cancelled, null)] // at the end, where it waits for nobody
    [InlineData(9, "completed", StopReason.Completed, null)]
    public void TrialThatWaitsOnARung_WasStoppedEarly(int epochs, string status, StopReason outcome, string? reason)
    {
        var trial = Open(new SuccessiveHalvingOptions { MaximumEpochs = 9 }, epochs, status);
        Assert.Equal((outcome, reason), (trial.Outcome, trial.Reason));
        Assert.Equal(outcome is StopReason.Completed or StopReason.StoppedEarly ? 0.5 : null, trial.Score);
    }

    [Fact]
    public void WithoutHalving_CancelledIsCancelled() => Assert.Equal(StopReason.Cancelled, Open(null, 3, "cancelled").Outcome);

    [Fact]
    public void TrialThatEndedWithoutAnEpoch_IsUndefined_WithBothReasons()
    {
        var trial = Open(null, 0, "completed", "said so");
        Assert.Equal((StopReason.Completed, null, "no epoch was finished (said so)"), (trial.Outcome, trial.Score, trial.Reason));
        Assert.Equal("no epoch was finished", Open(null, 0, "completed").Reason);
    }

    [Fact]
    public void Study_IsWhatItsRecordSays()
    {
        Open(null, 1, "completed");
        var study = Study.Open(_folder.Root);
        Assert.Equal(
            (
                _folder.Root,
                "Which made-up setting is best?",
                "test_accuracy",
                true,
                "dotnet run --project Study -- --seeds 3",
                null
            ),
            (study.Folder, study.Question, study.Monitor, study.HigherIsBetter, study.Command, study.ParallelTrials)
        );
        var trial = Assert.Single(study.Trials);
        Assert.Equal(("a", 7, null, "001", 62006), (trial.Setting, trial.Seed, trial.Fold, trial.Folder, trial.Parameters));
        Assert.Equal("1", trial.Factors["rate"]);
        Assert.Empty(trial.Claims);
        Assert.Empty(trial.Machines);
        Assert.Empty(trial.Changes);
        Assert.Throws<ArgumentException>(() => Study.Open(" "));
        Assert.Throws<ArgumentOutOfRangeException>(() => study.WriteSummary(TextWriter.Null, 39));
        study.WriteSummary(TextWriter.Null, 40);
        Assert.Throws<ArgumentNullException>(() => study.WriteSummary(null!));
        Assert.Throws<ArgumentNullException>("ledger", () => Study.Open(null!, _folder.Root));
        Assert.Throws<ArgumentNullException>("folder", () => Study.Open(new LogLedger(new ClockedStore()), null!));
    }

    [Fact]
    public void Summary_IsWritten_AlthoughTheWriterStaysOpen()
    {
        Open(null, 1, "completed");
        using var stream = new MemoryStream();
        using var writer = new StreamWriter(stream, bufferSize: 1 << 16);
        Study.Open(_folder.Root).WriteSummary(writer);
        Assert.StartsWith("setting", System.Text.Encoding.UTF8.GetString(stream.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_IsTheReason_WhateverTheRunsRecordSays()
    {
        Study Failed() => new MadeUpStudy(_folder.Root).AddFailure("a", new() { ["rate"] = "1" }, 7, "no model").Open();
        Open(null, 2, "completed", "said so");
        var both = Assert.Single(Failed().Trials);
        Assert.Equal((StopReason.Failed, "no model", 2), (both.Outcome, both.Reason, both.History!.Epochs.Count));
        Open(null, 2, "completed", "said so");
        File.WriteAllText(_folder["001/run.json"], "{");
        var damaged = Assert.Single(Study.Open(_folder.Root).Trials);
        Assert.Equal((StopReason.Failed, null), (damaged.Outcome, damaged.History));
        Assert.Contains("run.json", damaged.Reason, StringComparison.Ordinal);
        Assert.Equal("no model", Assert.Single(Failed().Trials).Reason);
    }

    [Fact]
    public void OptionsThatChanged_AreListed()
    {
        var made = new MadeUpStudy(_folder.Root);
        string[] changes = ["x was 1 and is 2"];
        made.Add("a", new() { ["rate"] = "1" }, 7, 1, _ => [("test_accuracy", 0.5)], changes: changes);
        Assert.Equal(changes, Assert.Single(made.Open().Trials).Changes);
    }

    [Fact]
    public void TrialWithoutARun_IsNotOver_OrFailed()
    {
        var made = new MadeUpStudy(_folder.Root);
        made.AddFailure("a", new() { ["rate"] = "1" }, 1, "no model");
        var trial = Assert.Single(made.Open().Trials);
        Assert.Equal((StopReason.Failed, "no model"), (trial.Outcome, trial.Reason));
        Assert.Null(trial.History);
        Assert.Null(trial.Final);
    }

    [Fact]
    public void Final_IsTheLastFullFiniteEpoch()
    {
        var history = MadeUpTrials.History([
            Epoch.Of(1, "x", 1),
            Epoch.Of(2, "x", 2),
            Epoch.Of(3, "x", 3) with
            {
                IsFinite = false,
            },
            Epoch.Of(4, "x", 4) with
            {
                IsPartial = true,
            },
        ]);
        Assert.Equal(2, (MadeUpTrials.Trial("a", 1) with { History = history }).Final!.Epoch);
    }

    private TrialResult Open(SuccessiveHalvingOptions? halving, int epochs, string status, string? message = null)
    {
        var made = new MadeUpStudy(_folder.Root) { Halving = halving };
        made.Add(
            "a",
            new() { ["rate"] = "1" },
            7,
            epochs,
            _ => [("train_loss", 1), ("test_accuracy", 0.5)],
            json => (json["status"], json["stop_message"]) = (status, message)
        );
        return Assert.Single(made.Open().Trials);
    }
}
