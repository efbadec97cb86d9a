using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Each factor gets its sentence, from the numbers of the trials' folders.</summary>
public sealed class FactorVerdictTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EachValue_HasOneOfFourVerdicts()
    {
        var conclusion = Conclude(
            "test_accuracy",
            margin: 0.01,
            ("base", [0.50, 0.52, 0.51]),
            ("rate 2", [0.60, 0.625, 0.611]),
            ("rate 3", [0.40, 0.42, 0.413]),
            ("rate 4", [0.5001, 0.5202, 0.5101]),
            ("rate 5", [0.53, 0.50, 0.55])
        );
        Assert.Equal(
            [Verdict.Better, Verdict.Worse, Verdict.Equivalent, Verdict.Undecided],
            conclusion.Factors.Select(factor => factor.Verdict)
        );
        Assert.Equal(
            "rate 2 against 1: better. Final test accuracy 0.6120 against 0.5100: +0.1020 (95 % interval +0.0954 to "
                + "+0.1086, 3 seeds), p = 6.7e-4, corrected for 4 comparisons.",
            conclusion.Factors[0].Sentence
        );
        Assert.StartsWith("rate 3 against 1: worse. Final test", conclusion.Factors[1].Sentence, StringComparison.Ordinal);
        Assert.StartsWith(
            "rate 4 against 1: no difference larger than 0.01. Final test accuracy 0.5101 against 0.5100: +0.0001 (95 % ",
            conclusion.Factors[2].Sentence,
            StringComparison.Ordinal
        );
        Assert.Matches(
            @"^rate 5 against 1: undecided\. .* p = 0\.\d+, corrected for 4 comparisons\. About \d+ seeds would decide\.$",
            conclusion.Factors[3].Sentence
        );
        Assert.DoesNotContain("noise", conclusion.ToString(), StringComparison.Ordinal);
        Assert.Contains("Holm's correction for 4 comparisons", conclusion.Method, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereLowerIsBetter_MoreIsWorse()
    {
        var conclusion = Conclude("test_loss", 0.01, ("base", [0.50, 0.52, 0.51]), ("rate 2", [0.60, 0.625, 0.611]));
        Assert.Equal(Verdict.Worse, conclusion.Factors[0].Verdict);
        Assert.Contains(
            ": worse. Final test loss 0.6120 against 0.5100: +0.1020",
            conclusion.Factors[0].Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void SureDifferenceBelowTheMargin_IsSaidToBeSmall()
    {
        var factor = Conclude("test_accuracy", 0.05, ("base", [0.50, 0.52, 0.51]), ("rate 2", [0.51, 0.5301, 0.5201])).Factors[0];
        Assert.Equal(Verdict.Better, factor.Verdict);
        Assert.EndsWith(" The difference is smaller than 0.05.", factor.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void PValues_AreHolms_OverTheComparisonsOfTheStudy()
    {
        var conclusion = Conclude(
            "test_accuracy",
            null,
            ("base", [0.50, 0.52, 0.51, 0.53]),
            ("rate 2", [0.51, 0.525, 0.53, 0.531]),
            ("rate 3", [0.50, 0.54, 0.52, 0.55])
        );
        Assert.Equal(
            Holm.Adjust([.. conclusion.Factors.Select(factor => factor.P!.Value)]),
            conclusion.Factors.Select(factor => factor.CorrectedP!.Value)
        );
        Assert.All(conclusion.Factors, factor => Assert.Equal(0.00515, factor.Margin, 1e-12)); // a hundredth of the base's mean
    }

    [Fact]
    public void OneSeed_SaysNothingAboutChance()
    {
        var conclusion = Conclude("test_accuracy", null, ("base", [0.50]), ("rate 2", [0.51]));
        var factor = Assert.Single(conclusion.Factors);
        Assert.Equal((Verdict.Undecided, null, null), (factor.Verdict, factor.CorrectedP, factor.SeedsToDecide));
        Assert.Equal(
            "rate 2 against 1: undecided. Final test accuracy 0.5100 against 0.5000: +0.0100. "
                + "One seed says nothing about chance.",
            factor.Sentence
        );
        Assert.Equal(
            "The best final test accuracy is that of “rate 2”: 0.5100. One seed says nothing about chance.",
            conclusion.Best
        );
    }

    [Fact]
    public void TrialsWithoutAResult_AreNamed_AndLeftOutWithTheirPair()
    {
        var factor = Conclude("test_accuracy", null, ("base", [0.50, 0.52, 0.51]), ("rate 2", [0.60, double.NaN, 0.63])).Factors[
            0
        ];
        Assert.Equal((2, 3), (factor.Pairs, factor.AllPairs));
        Assert.Equal((0.615, 0.505), (factor.Mean!.Value, factor.BaseMean!.Value));
        Assert.EndsWith(" Left out with its pair: rate 2, seed 2 (undefined).", factor.Sentence, StringComparison.Ordinal);
        Assert.Contains("2 of 3 pairs", factor.Sentence, StringComparison.Ordinal);
        Assert.EndsWith(" (2 of 3 pairs)", factor.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void NoPairWithAResult_IsUndecided()
    {
        var factor = Conclude("test_accuracy", null, ("base", [0.50, double.NaN]), ("rate 2", [double.NaN, 0.6])).Factors[0];
        Assert.Equal((Verdict.Undecided, null), (factor.Verdict, factor.Difference));
        Assert.Contains(": undecided. No pair of trials has a final test accuracy.", factor.Sentence, StringComparison.Ordinal);
    }

    /// <summary>Five settings make ten pairs, whichever is picked.</summary>
    [Fact]
    public void BestOfMany_IsCorrectedForThePicking()
    {
        (string, double[])[] settings =
        [
            ("base", [0.500, 0.521, 0.511]),
            ("rate 2", [0.505, 0.520, 0.512]),
            ("rate 3", [0.501, 0.525, 0.509]),
            ("rate 4", [0.499, 0.522, 0.515]),
        ];
        var open = Conclude("test_accuracy", null, [.. settings, ("rate 5", [0.52, 0.53, 0.525])]);
        Assert.Matches(
            "^The best final test accuracy is that of “rate 5”: .* Whether it is the best is undecided: against the next, "
                + @"“rate 2”, it has \+0\.0127, p = 0\.\d+, corrected for picking the best: 10 pairs of settings\.$",
            open.Best
        );
        var sure = Conclude("test_accuracy", null, [.. settings, ("rate 5", [0.821, 0.841, 0.831])]);
        Assert.Contains(" It is better than every other setting (p = ", sure.Best, StringComparison.Ordinal);
    }

    [Fact]
    public void SomeSettingsShownToBeWorse_LeaveTheOthersOpen()
    {
        var conclusion = Conclude(
            "test_accuracy",
            null,
            ("base", [0.500, 0.521, 0.511]),
            ("rate 2", [0.819, 0.843, 0.830]),
            ("rate 3", [0.820, 0.841, 0.832])
        );
        Assert.EndsWith(
            "1 setting is shown to be worse. Undecided against it: “rate 2”, corrected for picking the best: "
                + "3 pairs of settings.",
            conclusion.Best,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ReportsAndPrograms_HaveTheSameSentences()
    {
        var study = Made("test_accuracy", 0.01, ("base", [0.50, 0.52, 0.51]), ("rate 2", [0.60, 0.625, 0.611]));
        study.WriteReport();
        string sentence = study.Conclusion.Factors[0].Sentence;
        Assert.Contains($"\n- {sentence}\n", File.ReadAllText(_folder["report.md"]), StringComparison.Ordinal);
        Assert.Contains($"<li>{sentence}</li>", File.ReadAllText(_folder["report.html"]), StringComparison.Ordinal);
        Assert.Contains(study.Conclusion.Best, File.ReadAllText(_folder["report.md"]), StringComparison.Ordinal);
        Assert.Equal([study.Conclusion.Best, sentence], study.Conclusion.Sentences);
        Assert.Contains("| better, p = ", File.ReadAllText(_folder["report.md"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.04996, "0.04996")]
    [InlineData(0.0501, "0.0501")]
    [InlineData(0.05, "0.050")]
    [InlineData(0.0123, "0.012")]
    [InlineData(0.00012, "1.2e-4")]
    [InlineData(1, "1.000")]
    public void PValueBesideTheLevel_ShowsItsSide(double p, string text) => Assert.Equal(text, MetricFormat.P(p));

    private StudyConclusion Conclude(string monitor, double? margin, params (string Name, double[] Values)[] settings) =>
        Made(monitor, margin, settings).Conclusion;

    /// <summary>A plan that varies one factor; a value of NaN is an undefined result.</summary>
    private Study Made(string monitor, double? margin, params (string Name, double[] Values)[] settings)
    {
        var study = new MadeUpStudy(_folder.Root) { Monitor = monitor, EquivalenceMargin = margin };
        foreach (var (name, values) in settings)
        {
            foreach (var (i, value) in values.Index())
            {
                var factors = new Dictionary<string, string> { ["rate"] = name == "base" ? "1" : name.Split(' ')[1] };
                study.Add(name, factors, i + 1, 2, _ => [("train_loss", 1), (monitor, value)]);
            }
        }

        return study.Open();
    }
}
