using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyNotesTests
{
    [Fact]
    public void Size_CountsSettingsSeedsTrialsAndOutcomes()
    {
        Assert.Equal("1 setting, 1 seed, 1 trial: 1 completed. Varied: nothing.", Notes(Trial("a", 1)).Size);
        Assert.Equal(
            "2 settings, 2 seeds, 3 trials: 2 completed, 1 failed. Varied: rate.",
            Notes(Trial("a", 1), Trial("a", 1, seed: 2), Trial("b", null)).Size
        );
        Assert.Equal(
            "2 settings, 1 seed, 1 fold, 2 trials: 2 completed. Varied: rate, size.",
            Notes(Trial("a", 1, 1, 1, ("rate", "1"), ("size", "1")), Trial("b", 1, 1, 1, ("rate", "2"), ("size", "2"))).Size
        );
        Assert.Contains(", 2 folds, ", Notes(Trial("a", 1, fold: 1), Trial("a", 1, fold: 2)).Size, StringComparison.Ordinal);
    }

    [Fact]
    public void Legend_SaysWhatDeviationsAre_WhereThereAreSeveralTrials()
    {
        Assert.Equal(
            "Bold is the best value of its column among the settings with a trial that ended well. Where some trials of a "
                + "setting ended well, its numbers are theirs alone.",
            Notes(Trial("a", 1)).Legend("Bold")
        );
        Assert.Equal(
            "★ is the best value of its column among the settings with a trial that ended well. ± is the standard deviation "
                + "over the seeds (of the sample, n − 1). Where some trials of a setting ended well, its numbers are theirs "
                + "alone.",
            Notes(Trial("a", 1), Trial("a", 1, seed: 2)).Legend("★")
        );
        Assert.StartsWith(
            "The best first. Bold is",
            Notes([.. Enumerable.Range(1, 13).Select(i => Trial($"s{i}", 1))]).Legend("Bold"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Changed_AreTheTrialsByWhatDiffers()
    {
        string[] texts = ["epochs was 2 and is 3", "batch size was 8 and is 9"];
        var changed = Notes(
            Trial("a", 1) with
            {
                Changes = texts,
            },
            Trial("b", 1),
            Trial("c", 1) with
            {
                Changes = texts,
            },
            Trial("d", 1) with
            {
                Changes = texts[..1],
            }
        ).Changed;
        Assert.Equal([("a; c", "epochs was 2 and is 3; batch size was 8 and is 9"), ("d", "epochs was 2 and is 3")], changed);
        Assert.Empty(Notes(Trial("a", 1)).Changed);
    }

    [Fact]
    public void Ends_AreTrialsThatDidNotRunToTheEnd_OrHaveAReason()
    {
        var ends = Notes(
            Trial("fine", 1),
            Trial("running", null) with
            {
                Outcome = StopReason.Running,
            },
            Trial("why", 1) with
            {
                Reason = "said so",
            },
            Trial("early", 1) with
            {
                Outcome = StopReason.StoppedEarly,
            },
            Trial("b", null) with
            {
                Reason = "no model",
            },
            Trial("c", null) with
            {
                Reason = "no model",
            }
        ).Ends;
        Assert.Equal([("why", "completed: said so"), ("early", "stopped early"), ("b; c", "failed: no model")], ends);
    }

    [Theory]
    [InlineData(2000 - 8, false)]
    [InlineData(2001 - 8, true)]
    public void LongReason_IsCutAtTwoThousandLetters(int length, bool isCut)
    {
        string reason = new('x', length); // after “failed: ”
        Assert.Equal(
            $"failed: {reason[..Math.Min(length, 1992)]}" + (isCut ? "… (the rest is in a-1/run.json or study.json)" : ""),
            Assert.Single(Notes(Trial("a", null) with { Reason = reason }).Ends).Reason
        );
    }

    private static StudyNotes Notes(params TrialResult[] trials) => new(Summary(trials));
}
