using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Which setting is best, with scores that are multiples of 1/128, so that differences are exact.</summary>
public sealed class BestSettingTests
{
    private static readonly double[] Low = [0.5, 0.5, 0.5];

    [Fact]
    public void WithoutAResult_ThereIsNone()
    {
        Assert.Equal("No trial has ended well.", Of(Trial("a", null)).Sentence);
        Assert.Equal(
            "No trial has ended with a test accuracy that is defined.",
            Of(Trial("a", null) with { Outcome = StopReason.Completed }).Sentence
        );
        Assert.Equal(
            "No trial has ended with a test accuracy that is defined.",
            Of(Trial("a", null), Trial("b", null) with { Outcome = StopReason.Completed }).Sentence
        );
    }

    [Fact]
    public void OneSetting_IsTheBest()
    {
        Assert.Equal("The best final test accuracy is that of “a”: 0.5000.", Of(Trial("a", 0.5)).Sentence);
        Assert.Equal(
            "The best final test accuracy is that of “a”: 0.5000 (over 1 of its 2 trials).",
            Of(Trial("a", 0.5), Trial("a", null, seed: 2)).Sentence
        );
    }

    [Fact]
    public void OneSeed_SaysNothing() =>
        Assert.EndsWith(
            "“b”: 0.7500. One seed says nothing about chance.",
            Of(Trial("a", 0.5), Trial("b", 0.75)).Sentence,
            StringComparison.Ordinal
        );

    [Fact]
    public void SeveralSeedsWithoutTwoPairs_SayNothing() =>
        Assert.EndsWith(
            " Too few pairs of trials have a result to say anything about chance.",
            Of(Trial("a", 0.5), Trial("b", 0.75), Trial("b", 0.75, seed: 2)).Sentence,
            StringComparison.Ordinal
        );

    /// <summary>Six equal differences in a row are 1/32 by chance.</summary>
    [Fact]
    public void OneOther_IsBeatenWithItsPValue()
    {
        var best = Of([.. Seeds("a", [.. Enumerable.Repeat(0.5, 6)]), .. Seeds("b", [.. Enumerable.Repeat(0.75, 6)])]);
        Assert.Equal(
            "The best final test accuracy is that of “b”: 0.7500 ± 0.0000. It is better than “a” (0.5000 ± 0.0000) (p = 0.031).",
            best.Sentence
        );
        Assert.Equal(["a"], best.Beaten.Select(setting => setting.Name));
    }

    [Fact]
    public void LossThatIsLeast_IsTheBest()
    {
        TrialResult[] trials = [.. Seeds("a", [.. Enumerable.Repeat(0.5, 6)]), .. Seeds("b", [.. Enumerable.Repeat(0.75, 6)])];
        var summary = new StudySummary(TheStudy with { Monitor = "test_loss", HigherIsBetter = false }, trials);
        Assert.EndsWith(
            "is that of “a”: 0.5000 ± 0.0000. It is better than “b” (0.7500 ± 0.0000) (p = 0.031).",
            new BestSetting(summary, 0).Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void PlansOwnComparisons_LimitTheClaim()
    {
        TrialResult[] trials = [.. Seeds("a", [.. Enumerable.Repeat(0.5, 6)]), .. Seeds("b", [.. Enumerable.Repeat(0.75, 6)])];
        Assert.EndsWith("(p = 0.040).", new BestSetting(Summary(trials), 0.04).Sentence, StringComparison.Ordinal);
        var open = new BestSetting(Summary(trials), 0.05);
        Assert.Empty(open.Beaten);
        Assert.EndsWith(
            "Whether it is the best is undecided: against the next, “a”, it has +0.2500, p = 0.050.",
            open.Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void UndecidedOne_HasTheDifferenceToTheNext()
    {
        var best = Of([.. Seeds("a", Low), .. Seeds("b", [0.75, 0.75, 0.75]), .. Seeds("c", [0.25, 0.25, 0.25])]);
        Assert.EndsWith(
            "Whether it is the best is undecided: against the next, “a”, it has +0.2500, p = 0.750, corrected for picking the "
                + "best: 3 pairs of settings.",
            best.Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void DifferenceOfSmallValues_HasAPowerOfTen()
    {
        double small = Math.Pow(2, -17);
        var best = Of([.. Seeds("a", [small, small, small]), .. Seeds("b", [2 * small, 2 * small, 2 * small])]);
        Assert.EndsWith("against the next, “a”, it has +7.629e-6, p = 0.250.", best.Sentence, StringComparison.Ordinal);
    }

    /// <summary>Twelve pairs with the one, nine with the other: the claim is as sure as its least sure part.</summary>
    [Fact]
    public void EveryOther_IsBeatenWithTheLargestPValue() =>
        Assert.EndsWith(
            " It is better than every other setting (p = 0.008, corrected for picking the best: 3 pairs of settings).",
            Of([
                .. Seeds("a", [.. Enumerable.Repeat(0.5, 12)]),
                .. Seeds("b", [.. Enumerable.Repeat(0.75, 12)]),
                .. Seeds("c", [.. Enumerable.Repeat(0.25, 9)]),
            ]).Sentence,
            StringComparison.Ordinal
        );

    /// <summary>The best over all trials is the worse one over the pairs that both have.</summary>
    [Fact]
    public void BestThatIsWorseInPairs_IsNotShownToBeBetter()
    {
        TrialResult[] better = [.. Enumerable.Range(1, 6).Select(seed => Trial("a", 0.5, seed)), Trial("a", 100, seed: 9)];
        var best = Of([.. better, .. Seeds("b", [.. Enumerable.Repeat(0.75, 6)])]);
        Assert.StartsWith("The best final test accuracy is that of “a”: ", best.Sentence, StringComparison.Ordinal);
        Assert.EndsWith("it has -0.2500, p = 1.000.", best.Sentence, StringComparison.Ordinal);
        Assert.Empty(best.Beaten);
    }

    [Fact]
    public void TrialsWithoutPairs_LeaveTheRestOpen()
    {
        var best = Of([
            .. Seeds("a", [.. Enumerable.Repeat(0.5, 9)]),
            .. Seeds("b", [.. Enumerable.Repeat(0.75, 9)]),
            Trial("c", 0.625, seed: 20),
            Trial("d", 0.625, seed: 21),
        ]);
        Assert.EndsWith(
            "1 setting is shown to be worse. Undecided against it: “c”; “d”, corrected for picking the best: 6 pairs "
                + "of settings.",
            best.Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal(["a"], best.Beaten.Select(setting => setting.Name));
    }

    [Fact]
    public void SeveralBeaten_AreCounted()
    {
        var best = Of([
            .. Seeds("a", [.. Enumerable.Repeat(0.5, 9)]),
            .. Seeds("b", [.. Enumerable.Repeat(0.75, 9)]),
            .. Seeds("c", [.. Enumerable.Repeat(0.25, 9)]),
            Trial("d", 0.625, seed: 21),
        ]);
        Assert.Contains(" 2 settings are shown to be worse. Undecided against it: “d”", best.Sentence, StringComparison.Ordinal);
        var all = Of([
            .. Seeds("a", [.. Enumerable.Repeat(0.5, 9)]),
            .. Seeds("b", [.. Enumerable.Repeat(0.75, 9)]),
            .. Seeds("c", [.. Enumerable.Repeat(0.25, 9)]),
        ]);
        Assert.EndsWith(
            " It is better than every other setting (p = 0.012, corrected for picking the best: 3 pairs of settings).",
            all.Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void SettingsWithoutAResult_AreNotCompared()
    {
        var best = Of([
            .. Seeds("a", [.. Enumerable.Repeat(0.5, 6)]),
            .. Seeds("b", [.. Enumerable.Repeat(0.75, 6)]),
            Trial("c", null),
        ]);
        Assert.EndsWith("It is better than “a” (0.5000 ± 0.0000) (p = 0.031).", best.Sentence, StringComparison.Ordinal);
    }

    private static BestSetting Of(params TrialResult[] trials) => new(Summary(trials), 0);
}
