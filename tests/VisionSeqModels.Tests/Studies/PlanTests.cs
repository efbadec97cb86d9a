using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class PlanTests
{
    private static readonly StudyPlanBuilder<string> Letters = StudyPlan
        .From("-")
        .Vary("first", ["a", "b"], (text, value) => text + value)
        .Vary("second", [1, 2, 3], (text, value) => text + value, value => $"n{value}");

    [Fact]
    public void OneAtATime_IsTheBase_ThenEachOtherValue()
    {
        var plan = Letters.OneAtATime();
        Assert.Equal(StudyPlanKind.OneAtATime, plan.Kind);
        Assert.Equal(
            [("base", "-a1"), ("first b", "-a1b"), ("second n2", "-a12"), ("second n3", "-a13")],
            plan.Settings.Select(setting => (setting.Name, setting.Value))
        );
        Assert.Equal(
            [("a", "n1"), ("b", "n1"), ("a", "n2"), ("a", "n3")],
            plan.Settings.Select(setting => (setting.Factors["first"], setting.Factors["second"]))
        );
    }

    [Fact]
    public void Grid_IsEveryCombination_TheLastFactorFirst()
    {
        var plan = Letters.Grid();
        Assert.Equal(StudyPlanKind.Grid, plan.Kind);
        Assert.Equal(["-a1", "-a2", "-a3", "-b1", "-b2", "-b3"], plan.Settings.Select(setting => setting.Value));
        Assert.Equal("first a, second n1", plan.Settings[0].Name);
        Assert.Equal(("b", "n3"), (plan.Settings[5].Factors["first"], plan.Settings[5].Factors["second"]));
        Assert.Equal((1, null, null), (plan.Repeats, plan.Folds, plan.Search));
    }

    [Fact]
    public void List_HasTheNamesAsItsFactor()
    {
        var plan = StudyPlan.List(("a", 1), ("b", 2));
        Assert.Equal(StudyPlanKind.List, plan.Kind);
        Assert.Equal([("a", 1, "a"), ("b", 2, "b")], plan.Settings.Select(one => (one.Name, one.Value, one.Factors["setting"])));
    }

    [Fact]
    public void FaultyPlans_AreRefusedInASentence()
    {
        Assert.Equal("A study needs at least one setting.", Fault(() => StudyPlan.List<int>()));
        Assert.Equal(
            "Settings of a study need names of their own, but these are there twice: a, b. Give values that differ different "
                + "labels.",
            Fault(() => StudyPlan.List(("a", 1), ("b", 2), ("b", 3), ("a", 4), ("c", 5)))
        );
        Assert.Equal(
            "The factor 'first' is there twice. Give each factor a name of its own.",
            Fault(() => Letters.Vary("first", [1], (text, _) => text))
        );
        Assert.Contains(
            "values",
            Fault(() => Letters.Vary("third", Array.Empty<int>(), (text, _) => text)),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "The factor 'rate' must be a range from a finite number to a larger one, but is 1 to 1.",
            Fault(() => Letters.VaryUniform("rate", 1, 1, (text, _) => text))
        );
        Assert.All(
            [(double.NegativeInfinity, 1.0), (0.0, double.PositiveInfinity), (double.NaN, 1.0), (2.0, 1.0)],
            range => Fault(() => Letters.VaryUniform("rate", range.Item1, range.Item2, (text, _) => text))
        );
        Assert.All([" ", ""], name => Fault(() => Letters.VaryUniform(name, 0, 1, (text, _) => text)));
        Assert.All([" ", ""], name => Fault(() => Letters.Vary(name, [1], (text, _) => text)));
        Assert.Contains("from", Fault(() => Letters.VaryLogUniform("rate", 0, 1, (text, _) => text)), StringComparison.Ordinal);
        Assert.NotNull(Letters.VaryUniform("rate", 0, 1, (text, _) => text));
    }

    [Fact]
    public void PlanWithoutAFactor_IsRefused()
    {
        var empty = StudyPlan.From(1);
        Action[] ends = [() => empty.OneAtATime(), () => empty.Grid(), () => empty.Random(1, 1), () => empty.Search(1, 1)];
        Assert.All(
            ends,
            end =>
                Assert.StartsWith(
                    "A plan needs a factor to vary. ",
                    Assert.Throws<InvalidOperationException>(end).Message,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void Range_HasNoValuesOneByOne()
    {
        var range = Letters.VaryUniform("rate", 0, 1, (text, _) => text);
        string message =
            "The factor 'rate' is a range, which has no values to try one by one. Use Random or Search, or Vary with values.";
        Assert.Equal((message, message), (Fault(() => range.OneAtATime()), Fault(() => range.Grid())));
    }

    [Fact]
    public void MoreSettingsThanCombinations_AreRefused()
    {
        string message = Fault(() => Letters.Random(7, 1));
        Assert.StartsWith(
            "7 settings were asked for, but the factors have 6 combinations. Ask for fewer, or give a factor more values or a "
                + "range.",
            message,
            StringComparison.Ordinal
        );
        Assert.Equal(message, Fault(() => Letters.Search(7, 1)));
        Assert.Equal(6, Letters.Random(6, 1).Settings.Count);
        Assert.Equal(6, Letters.Search(6, 1).Search!.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => Letters.Random(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Letters.Search(0, 1));
        Assert.Equal(8, Letters.VaryUniform("rate", 0, 1, (text, _) => text).Search(8, 1).Search!.Count);
    }

    [Fact]
    public void NarrowRange_HasFewValuesOfThreeDigits()
    {
        var narrow = StudyPlan.From(0.0).VaryUniform("rate", 1, 1.01, (_, value) => value);
        Assert.Equal(2, narrow.Random(2, 1).Settings.Count);
        Assert.StartsWith(
            "3 settings were asked for, but 1300 draws gave 2 different ones, to three digits. Ask for fewer, or give wider "
                + "ranges.",
            Fault(() => narrow.Random(3, 1)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Sampled_IsTheKindOfRandomPlansAndSearches()
    {
        Assert.Equal(StudyPlanKind.Sampled, Letters.Random(2, 1).Kind);
        var search = Letters.Search(2, 1);
        Assert.Equal((StudyPlanKind.Sampled, 0), (search.Kind, search.Settings.Count));
    }

    [Fact]
    public void WhereFoldsAndRepetitions_KeepWhatThePlanHas()
    {
        var plan = Letters.Grid().WithFolds(5, seed: 3, stratified: false, group: index => index / 2, run: 2).Repeat(4);
        var part = plan.Where(setting => setting.Factors["first"] == "b");
        Assert.Equal(["-b1", "-b2", "-b3"], part.Settings.Select(setting => setting.Value));
        Assert.Equal((StudyPlanKind.Grid, 4), (part.Kind, part.Repeats));
        var folds = part.Folds!;
        Assert.Equal((5, 3, false, true, 2), (folds.Count, folds.Seed, folds.Stratified, folds.Grouped, folds.Run));
        Assert.Equal(2, folds.Group!(5));
        var again = part.WithFolds(2);
        Assert.Equal((4, StudyPlanKind.Grid), (again.Repeats, again.Kind));
        Assert.Equal(
            (2, 0, true, false, 2),
            (again.Folds!.Count, again.Folds.Seed, again.Folds.Stratified, again.Folds.Grouped, again.Folds.Run)
        );
        Assert.Null(again.Folds.Group);
        var search = Letters.Search(2, 1);
        Assert.Same(search.Search, search.WithFolds(2).Search);
        Assert.Same(search.Search, search.Repeat(2).Search);
        Assert.Equal(StudyPlanKind.Sampled, search.Repeat(2).Kind);
        Assert.NotNull(plan.Repeat(1).Folds);
    }

    [Fact]
    public void FoldsAndRepetitionsOutOfRange_AreRefused()
    {
        var plan = Letters.Grid();
        Action[] faults =
        [
            () => plan.WithFolds(1),
            () => plan.WithFolds(3, run: 0),
            () => plan.WithFolds(3, run: 4),
            () => plan.Repeat(0),
        ];
        Assert.All(faults, fault => Assert.Throws<ArgumentOutOfRangeException>(fault));
        Assert.Equal((1, 3), (plan.WithFolds(3, run: 1).Folds!.Run, plan.WithFolds(3, run: 3).Folds!.Run));
        Assert.Equal(1, plan.Repeat(1).Repeats);
        Assert.Throws<ArgumentException>(() => plan.Where(_ => false));
        Assert.Throws<ArgumentNullException>("isChosen", () => plan.Where(null!));
        Assert.Throws<ArgumentNullException>("settings", () => StudyPlan.List<int>(null!));
        Assert.StartsWith(
            "The settings of a search are chosen while the study runs, so none can be kept here.",
            Assert.Throws<InvalidOperationException>(() => Letters.Search(2, 1).Where(_ => true)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void FoldsAsText_SayHowTheyDivide()
    {
        var folds = Letters.Grid().WithFolds(5, seed: 3).Folds!;
        Assert.Equal("5 folds (stratified, seed 3)", StudyFolds.Text(folds));
        Assert.Equal("5 folds (grouped, seed 3)", StudyFolds.Text(folds with { Stratified = false, Grouped = true }));
        Assert.Equal("5 folds (seed 3)", StudyFolds.Text(folds with { Stratified = false }));
        Assert.Equal("no folds", StudyFolds.Text(null));
    }

    private static string Fault(Action act) => Assert.ThrowsAny<ArgumentException>(act).Message;
}
