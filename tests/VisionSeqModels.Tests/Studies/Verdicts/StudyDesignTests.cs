using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyDesignTests
{
    private static readonly TrialResult Base = At("base", "1", "32");
    private static readonly TrialResult Rate = At("rate", "2", "32");
    private static readonly TrialResult Size = At("size", "1", "64");
    private static readonly TrialResult Both = At("both", "2", "64");

    [Fact]
    public void SettingsThatDifferInOneFactor_AreComparisons()
    {
        StudyPlanKind?[] plans = [null, StudyPlanKind.OneAtATime, StudyPlanKind.List, StudyPlanKind.Grid];
        Assert.All(plans, plan => Assert.Equal(StudyDesignKind.Comparisons, Of(plan, Base, Rate, Size)));
    }

    [Fact]
    public void Sampled_IsWhatThePlanSays() => Assert.Equal(StudyDesignKind.Sampled, Of(StudyPlanKind.Sampled, Base, Rate, Size));

    [Fact]
    public void EveryCombination_IsAGrid_WhateverThePlanSays()
    {
        Assert.Equal(StudyDesignKind.Grid, Of(null, Base, Rate, Size, Both));
        Assert.Equal(StudyDesignKind.Grid, Of(StudyPlanKind.List, Base, Rate, Size, Both));
    }

    [Fact]
    public void IncompleteGrid_IsComparedWhereThePlanHasABase()
    {
        Assert.Equal(StudyDesignKind.Sampled, Of(StudyPlanKind.Grid, Base, Rate, Both));
        Assert.Equal(StudyDesignKind.Sampled, Of(null, Base, Rate, Both));
        Assert.Equal(StudyDesignKind.Comparisons, Of(StudyPlanKind.List, Base, Rate, Both));
        Assert.Equal(StudyDesignKind.Comparisons, Of(StudyPlanKind.OneAtATime, Base, Rate, Both));
    }

    [Fact]
    public void CombinationThatIsThereTwice_IsNoGrid() =>
        Assert.Equal(StudyDesignKind.Sampled, Of(StudyPlanKind.Grid, Base, Both, Both with { Setting = "again" }, Rate));

    [Fact]
    public void DifferingFactors_AreThoseWithAnotherValue_OrInOneOnly()
    {
        IReadOnlyList<string> Between(TrialResult first, TrialResult second) =>
            StudyDesign.DifferingFactors(new SettingSummary([first], TheStudy), new SettingSummary([second], TheStudy));
        Assert.Equal(["size"], Between(Base, Size));
        Assert.Equal(["rate", "size"], Between(Base, Both));
        Assert.Empty(Between(Base, Base));
        Assert.Equal(["size"], Between(Trial("a", 1, factors: [("rate", "1")]), Base));
        Assert.Equal(["size"], Between(Base, Trial("a", 1, factors: [("rate", "1")])));
    }

    private static TrialResult At(string name, string rate, string size) =>
        Trial(name, 1, factors: [("rate", rate), ("size", size)]);

    private static StudyDesignKind Of(StudyPlanKind? plan, params TrialResult[] trials) =>
        StudyDesign.Of(new StudySummary(TheStudy with { Plan = plan }, trials));
}
