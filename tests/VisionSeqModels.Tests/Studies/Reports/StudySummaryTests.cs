using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudySummaryTests
{
    [Fact]
    public void UpToTwelveSettings_AreInThePlansOrder_MoreAreTheBestFirst()
    {
        var twelve = Summary([.. Enumerable.Range(1, 12).Select(i => Trial($"s{i}", i))]);
        Assert.False(twelve.IsRanked);
        Assert.Equal(("s1", "s12"), (twelve.Settings[0].Name, twelve.Ranked[0].Name));
        var thirteen = Summary([.. Enumerable.Range(1, 13).Select(i => Trial($"s{i}", i))]);
        Assert.True(thirteen.IsRanked);
        Assert.Equal(("s13", "s1", "s1"), (thirteen.Settings[0].Name, thirteen.Settings[12].Name, thirteen.First.Name));
        Assert.Equal("s1", thirteen.Planned[0].Name);
    }

    [Fact]
    public void Ranked_HasEqualOnesAsPlanned_AndThoseWithoutAResultLast()
    {
        var summary = Summary(Trial("none", null), Trial("b", 0.5), Trial("a", 0.5), Trial("best", 0.6));
        Assert.Equal(["best", "b", "a", "none"], summary.Ranked.Select(setting => setting.Name));
    }

    [Fact]
    public void Varied_AreFactorsWithMoreThanOneValue_OrNotInAllTrials()
    {
        var summary = Summary(
            Trial("a", 1, factors: [("rate", "1"), ("size", "32")]),
            Trial("b", 1, factors: [("rate", "2"), ("size", "32"), ("only here", "x")])
        );
        Assert.Equal(["rate", "only here"], summary.Varied);
        Assert.Empty(Summary(Trial("a", 1), Trial("a", 1, seed: 2)).Varied);
    }

    [Fact]
    public void Repeats_AreSeedsOrFolds()
    {
        var one = Summary(Trial("a", 1), Trial("b", 1));
        Assert.Equal((1, 0, false, "seeds"), (one.SeedCount, one.FoldCount, one.HasRepeats, one.Repeats));
        var seeds = Summary(Trial("a", 1), Trial("a", 1, seed: 2));
        Assert.Equal((2, 0, true, "seeds"), (seeds.SeedCount, seeds.FoldCount, seeds.HasRepeats, seeds.Repeats));
        var fold = Summary(Trial("a", 1, fold: 1));
        Assert.Equal((1, 1, false, "folds"), (fold.SeedCount, fold.FoldCount, fold.HasRepeats, fold.Repeats));
        var folds = Summary(Trial("a", 1, fold: 1), Trial("a", 1, fold: 2));
        Assert.Equal((1, 2, true, "folds"), (folds.SeedCount, folds.FoldCount, folds.HasRepeats, folds.Repeats));
        var both = Summary(Trial("a", 1, fold: 1), Trial("a", 1, seed: 2, fold: 1));
        Assert.Equal((2, 1, true, "seeds and folds"), (both.SeedCount, both.FoldCount, both.HasRepeats, both.Repeats));
    }

    [Theory]
    [InlineData("test_accuracy", "test_loss", "train_loss", "val_loss", "test_loss")]
    [InlineData("val_accuracy", "val_loss", "train_loss", "test_loss", "val_loss")]
    [InlineData("scripted", "test_loss", "train_loss", "val_loss", "test_loss")]
    [InlineData("test_accuracy", "val_loss", "train_loss", "val_loss")]
    [InlineData("test_accuracy", "train_loss", "train_loss")]
    [InlineData("test_accuracy", "train_loss")]
    [InlineData("train_accuracy", "train_loss", "test_loss", "val_loss", "train_loss")]
    public void Loss_IsThatOfTheMonitorsData(string monitor, string loss, params string[] names)
    {
        var history = History([Epoch.Of(1, names.ToDictionary(name => name, _ => 1.0))]);
        var summary = new StudySummary(TheStudy with { Monitor = monitor }, [Trial("a", 1) with { History = history }]);
        Assert.Equal(loss, summary.Loss);
        Assert.Equal(names, summary.MetricNames);
    }

    [Fact]
    public void Metrics_OfAllTrials_AreThereOnce()
    {
        var summary = Summary(
            Trial("a", 1) with
            {
                History = History("train_loss", 1),
            },
            Trial("b", 1),
            Trial("c", 1) with
            {
                History = History([Epoch.Of(1, new Dictionary<string, double> { ["train_loss"] = 1, ["test_f1"] = 1 })]),
            }
        );
        Assert.Equal(["train_loss", "test_f1"], summary.MetricNames);
    }

    [Fact]
    public void Names_HaveTheSeed_WhereThereAreSeveral_AndTheFold()
    {
        var trial = Trial("a", null, seed: 2, fold: 3);
        Assert.Equal("a, fold 3", Summary(trial).NameOf(trial));
        Assert.Equal("a, seed 2, fold 3", Summary(trial, Trial("a", 1)).NameOf(trial));
        Assert.Equal("a, seed 2, fold 3 (failed)", Summary(trial, Trial("a", 1)).NameWithOutcome(trial));
        Assert.Equal("a", Summary(Trial("a", 1)).NameOf(Trial("a", 1)));
    }
}
