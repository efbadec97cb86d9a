using System.Text.RegularExpressions;
using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed partial class HalvingChartTests
{
    private static readonly SuccessiveHalvingOptions Nine = new() { MaximumEpochs = 9 };

    [Fact]
    public void EachTrial_IsABarAsLongAsItTrained_TheLongestFirst()
    {
        string html = Html(Nine, ("b", 3), ("a", 3), ("first", 9), ("none", 0));
        Assert.Contains("<h2>Budget</h2>", html, StringComparison.Ordinal);
        Assert.Contains(
            "<p>Successive halving spent 15 epochs; all 4 trials to the end would take 36. Trials that came to each number of "
                + "epochs: 3 to 1, 3 to 3, 1 to 9.</p>",
            html,
            StringComparison.Ordinal
        );
        string[] parts =
        [
            "<svg class=\"halving\" viewBox=\"0 0 640 96\" role=\"img\" aria-label=\"Epochs of each trial\">",
            Rung("76.4", 1),
            Rung("213.3", 3),
            Rung("624", 9),
            Bar(" whole", 26, "616", "first: 9 epochs"),
            Bar("", 42, "205.3", "a: 3 epochs"),
            Bar("", 58, "205.3", "b: 3 epochs"),
            Bar("", 74, "0", "none: 0 epochs"),
            "</svg>",
        ];
        Assert.Contains(string.Concat(parts), html, StringComparison.Ordinal);
    }

    [Fact]
    public void PartOfAnEpoch_DoesNotCount()
    {
        var history = History([Epoch.Of(1, "test_loss", 1), Epoch.Of(2, "test_loss", 1) with { IsPartial = true }]);
        string html = Html(Nine, [Trial("a", 1) with { History = history }]);
        Assert.Contains("; all 1 trial to the end would take 9.", html, StringComparison.Ordinal);
        Assert.Contains("<title>a: 1 epoch</title>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void RungsCloseTogether_HaveNoLabels()
    {
        string html = Html(new SuccessiveHalvingOptions { MaximumEpochs = 100, ReductionFactor = 2 }, ("a", 1));
        Assert.Equal(["4", "8", "16", "32", "64", "100"], Labels().Matches(html).Select(match => match.Groups[1].Value));
        Assert.Equal(8, html.Split("<path class=\"rung\"").Length - 1);
    }

    [Theory]
    [InlineData(35, "0 0 640 592")] // 16 each
    [InlineData(280, "0 0 640 592")] // 2 each
    [InlineData(300, "0 0 640 632")] // not less
    [InlineData(56, "0 0 640 592")] // 10 each
    public void ManyTrials_AreThinBars(int trials, string box) =>
        Assert.Contains(
            $"viewBox=\"{box}\"",
            Html(Nine, [.. Enumerable.Range(0, trials).Select(i => ($"{i}", 0))]),
            StringComparison.Ordinal
        );

    [Fact]
    public void StudyWithoutHalving_HasNone() =>
        Assert.DoesNotContain("Budget", Html(null, [Trial("a", 1)]), StringComparison.Ordinal);

    private static string Rung(string x, int epochs) =>
        $"<path class=\"rung\" d=\"M{x} 22V96\"/><text x=\"{x}\" y=\"16\" text-anchor=\"middle\">{epochs}</text>";

    private static string Bar(string kind, int y, string width, string title) =>
        $"<rect class=\"bar{kind}\" x=\"8\" y=\"{y}\" width=\"{width}\" height=\"12.8\"><title>{title}</title></rect>";

    private static string Html(SuccessiveHalvingOptions halving, params (string Name, int Epochs)[] trials) =>
        Html(
            halving,
            [
                .. trials.Select(trial =>
                    Trial(trial.Name, 1) with
                    {
                        History = trial.Epochs == 0 ? null : History("test_loss", new double[trial.Epochs]),
                    }
                ),
            ]
        );

    private static string Html(SuccessiveHalvingOptions? halving, TrialResult[] trials)
    {
        using var folder = new TempFolder();
        var page = new ReportPage("page");
        HalvingChart.AddTo(page, new StudySummary(TheStudy with { Halving = halving }, trials));
        page.Save(folder["page.html"]);
        return File.ReadAllText(folder["page.html"]);
    }

    [GeneratedRegex("y=\"16\" text-anchor=\"middle\">([0-9]+)<")]
    private static partial Regex Labels();
}
