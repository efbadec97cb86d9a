using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyRunsTests
{
    [Fact]
    public void EachTrial_IsARow_SettingBySetting()
    {
        var summary = Summary(
            Ran("a", 0.5, 0.25),
            Ran("b", 0.5, 0.75),
            Ran("a", 0.75, 0.5, seed: 2) with
            {
                Changes = ["x was 1 and is 2"],
            },
            Trial("b", null, seed: 2),
            Trial("b", null, seed: 3) with
            {
                Outcome = StopReason.Completed,
            }
        );
        var runs = new StudyRuns(summary);
        Assert.Equal(
            [
                "setting",
                "seed",
                "final test accuracy",
                "best test accuracy",
                "at epoch",
                "epochs",
                "final train loss",
                "seconds",
                "outcome",
            ],
            runs.Columns
        );
        Assert.Equal(
            [
                ["a", "1", "0.2500", "0.5000", "1", "2", "1.0000", "3.0", "completed"],
                ["a", "2", "0.5000", "0.7500", "1", "2", "1.0000", "3.0", "completed (other options)"],
                ["b", "1", "0.7500", "0.7500", "2", "2", "1.0000", "3.0", "completed"],
                ["b", "2", "", "", "", "", "", "", "failed"],
                ["b", "3", "undefined", "", "", "", "", "", "undefined"],
            ],
            runs.Cells
        );
        var page = runs.OnPage(summary, new TrialLinks(null));
        Assert.Equal((runs.Columns, runs.Cells, true), (page.Columns, page.Rows, page.HasTools));
        Assert.Null(page.Link!(0));
    }

    [Fact]
    public void Page_LeadsToEachTrial()
    {
        using var folder = new TempFolder();
        var summary = Summary(Trial("a", 1), Trial("b", 1), Trial("a", 1, seed: 2));
        Directory.CreateDirectory(folder["a-2"]);
        Directory.CreateDirectory(folder["b-1"]);
        var page = new StudyRuns(summary).OnPage(summary, new TrialLinks(folder.Root));
        Assert.Equal([null, "a-2/", "b-1/"], Enumerable.Range(0, 3).Select(page.Link!));
    }

    [Fact]
    public void Folds_AreAColumn_AndTheLossThatDecidesIsNoSecond()
    {
        var study = TheStudy with { Monitor = "train_loss", HigherIsBetter = false };
        var runs = new StudyRuns(
            new StudySummary(study, [Ran("a", 0.5, 0.25) with { Fold = 1 }, Ran("a", 0.5, 0.25) with { Fold = 2 }])
        );
        Assert.Equal(
            ["setting", "fold", "final train loss", "best train loss", "at epoch", "epochs", "seconds", "outcome"],
            runs.Columns
        );
        Assert.Equal(["1", "2"], runs.Cells.Select(row => row[1]));
    }

    [Fact]
    public void SettingsOfOneTrialEach_HaveNoSuchTable() =>
        Assert.Empty(new StudyRuns(Summary(Ran("a", 1, 1), Ran("b", 1, 1))).Cells);

    private static TrialResult Ran(string setting, double first, double last, long seed = 1)
    {
        var history = History([Of(1, first), Of(2, last)]);
        history.Seconds = 3;
        return Trial(setting, last, seed) with { History = history };

        static VisionSeqModels.Runs.EpochRecord Of(int epoch, double accuracy) =>
            Epoch.Of(epoch, new Dictionary<string, double> { ["train_loss"] = 1, ["test_accuracy"] = accuracy });
    }
}
