using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyConclusionTests
{
    /// <summary>Two values that are good only together, or not at all: neither has an effect by itself, and the p-value of their
    /// interaction is the least of the plan's.</summary>
    [Fact]
    public void Interaction_IsAClaimOfThePlan_ForTheBestSettingToo()
    {
        double[] good = [.. Enumerable.Repeat(0.75, 8)],
            bad = [.. Enumerable.Repeat(0.25, 8)],
            nearly = [.. new[] { 1, -1, 1, -1, 1, -1, -1, -1 }.Select(step => 0.75 + (step / 64.0))];
        TrialResult[] trials =
        [
            .. Seeds("base", nearly, ("rate", "1"), ("size", "32")),
            .. Seeds("rate 2", bad, ("rate", "2"), ("size", "32")),
            .. Seeds("size 64", bad, ("rate", "1"), ("size", "64")),
            .. Seeds("both", good, ("rate", "2"), ("size", "64")),
        ];
        var conclusion = new StudyConclusion(new StudySummary(TheStudy with { Plan = StudyPlanKind.Grid }, trials));
        Assert.All(conclusion.Factors, factor => Assert.Equal(1, factor.CorrectedP));
        Assert.True(Assert.Single(conclusion.Interactions).Exists);
        Assert.EndsWith(
            " 2 settings are shown to be worse. Undecided against it: “base”, corrected for picking the best: 6 pairs of "
                + "settings.",
            conclusion.Best,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ListOfManySettings_IsNoSearch()
    {
        TrialResult[] trials = [.. Enumerable.Range(1, 12).Select(rate => Trial($"{rate}", rate / 16.0))];
        var conclusion = new StudyConclusion(new StudySummary(TheStudy with { Plan = StudyPlanKind.List }, trials));
        Assert.Equal(11, conclusion.Factors.Count);
        Assert.Equal((null, null), (conclusion.Importance, conclusion.Coordinates));
        var search = new StudyConclusion(new StudySummary(TheStudy with { Plan = StudyPlanKind.Sampled }, trials));
        Assert.Equal((12, 12), (search.Importance!.Settings, search.Coordinates!.Lines.Count));
    }
}
