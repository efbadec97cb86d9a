using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

[Collection("Torch")]
public sealed partial class StudyReportTests
{
    private const int MostBytes = 3_000_000;

    [Fact]
    public void Report_IsDrawnFromTheFolderAlone_WithEveryTrialAndPoint()
    {
        using var folder = new TempFolder();
        TinyStudy.Run(
            folder["study"],
            new StudyOptions
            {
                Seeds = [1, 2, 3],
                Question = "Is a rate of 0.1 < 0.01?",
                Command = "dotnet run",
            },
            ("<b>plain</b> | one", 0.01),
            ("two", 0.1)
        );

        Study.Open(folder["study"]).WriteReport();

        string html = File.ReadAllText(folder["study/report.html"]),
            markdown = File.ReadAllText(folder["study/report.md"]);
        Assert.DoesNotContain("<b>plain", html, StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.Equal(2 * 2 * 3, Circles().Count(html)); // two metrics, the means of two settings, three epochs
        Assert.Equal(2 * 2 * 2 * 2 * (1 + 3), Lines().Count(html)); // large and small, training and test: mean and three seeds
        Assert.Contains("Is a rate of 0.1 &lt; 0.01?", html, StringComparison.Ordinal);
        Assert.Contains("<h2>What each factor does</h2>", html, StringComparison.Ordinal);
        Assert.Contains(" ± ", markdown, StringComparison.Ordinal);
        Assert.Contains("| &lt;b>plain&lt;/b> \\| one |", markdown, StringComparison.Ordinal);
        Assert.Contains("- training: epochs 3, batch size 16, ", markdown, StringComparison.Ordinal);
        Assert.Contains("```\ndotnet run\n```", markdown, StringComparison.Ordinal);
        Assert.All(
            Pictures().Matches(markdown),
            picture => Assert.True(File.Exists(folder["study/" + picture.Groups[1].Value]), picture.Value)
        );
        Assert.Equal(2 + 2, Pictures().Count(markdown)); // two metrics, training and test in one; each setting by itself
        Study.Open(folder["study"]).WriteReport();
        Assert.Equal(html, File.ReadAllText(folder["study/report.html"]));
    }

    /// <summary>What <see cref="Study.Open(string)"/> read is all that the report needs.</summary>
    [Fact]
    public void TrialsRecords_AreReadOnce()
    {
        using var folder = new TempFolder();
        var study = Made(folder).Open();
        study.WriteReport();
        string report = File.ReadAllText(folder["report.html"]) + File.ReadAllText(folder["report.md"]);
        Array.ForEach(Directory.GetFiles(folder.Root, "run.json", SearchOption.AllDirectories), File.Delete);

        study.WriteReport();

        Assert.Equal(report, File.ReadAllText(folder["report.html"]) + File.ReadAllText(folder["report.md"]));
    }

    [Fact]
    public void OneSeed_CannotTell_AndSaysSo()
    {
        using var folder = new TempFolder();
        TinyStudy.Run(folder["study"], new StudyOptions(), ("a", 0.01), ("b", 0.1)).WriteReport();
        Assert.Contains(
            "One seed says nothing about chance",
            File.ReadAllText(folder["study/report.md"]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Table_MarksTheBestOfEachColumn_AmongSettingsThatEndedWell()
    {
        using var folder = new TempFolder();
        var study = Made(folder);
        study.Add(
            "diverged",
            Factor("10"),
            1,
            1,
            _ => [("train_loss", 0.001), ("test_loss", 0.001), ("test_accuracy", 0.99)],
            json => (json["status"], json["stop_message"], json["seconds"]) = ("non_finite", "The loss became NaN.", 0.1)
        );
        var opened = study.Open();
        var report = opened.Report();
        var table = report.Table;

        string Best(string column)
        {
            int number = table.Columns.ToList().IndexOf(column);
            Assert.True(number >= 0, column);
            return string.Join(", ", table.Cells.Where((_, row) => table.IsBest(row, number)).Select(cells => cells[0]));
        }

        Assert.Equal(
            ["b", "b", "b", "a"],
            new[] { "final test accuracy", "best test accuracy", "final test loss", "seconds" }.Select(Best)
        );
        // all the same, or no number
        Assert.Equal(["", "", "", ""], new[] { "samples/s", "parameters", "outcome", "setting" }.Select(Best));
        Assert.StartsWith("The best final test accuracy is that of “b”: ", report.Conclusion.Best, StringComparison.Ordinal);
        Assert.Equal(("diverged, seed 1", "diverged: The loss became NaN."), Assert.Single(report.Notes.Ends));
        opened.WriteReport();
        Assert.Contains(
            "<td class=\"number best\"><span role=\"img\" aria-label=\"best\">★</span> 0.8",
            File.ReadAllText(folder["report.html"]),
            StringComparison.Ordinal
        );
        Assert.Matches(@"\| b \| 0\.1 \| \*\*0\.8\d+ ± 0\.\d+\*\* \| ", File.ReadAllText(folder["report.md"]));
    }

    [Fact]
    public void LowerIsBetter_WhereTheStudySaysSo()
    {
        using var folder = new TempFolder();
        var study = new MadeUpStudy(folder.Root) { Monitor = "test_loss" };
        var table = study
            .Add("a", Factor("1"), 1, 5, _ => [("train_loss", 0.5), ("test_loss", 0.5)])
            .Add("b", Factor("2"), 1, 5, _ => [("train_loss", 0.4), ("test_loss", 0.4)])
            .Open()
            .Report()
            .Table;
        Assert.Equal(
            [
                "setting",
                "learning rate",
                "final test loss",
                "best test loss",
                "at epoch",
                "seconds",
                "samples/s",
                "parameters",
                "outcome",
            ],
            table.Columns
        );
        Assert.Equal((false, true), (table.IsBest(0, 2), table.IsBest(1, 2)));
    }

    [Fact]
    public void Options_AreComparedAsText_AndWhatNoFactorAccountsForIsNamed()
    {
        using var folder = new TempFolder();
        var study = new MadeUpStudy(folder.Root);
        study.Add(
            "a",
            Factor("0.01"),
            1,
            2,
            epoch => MadeUpStudy.Learning(epoch, 0.1, 0.8, 1),
            json => json["trainer"]!["optimizer"]!["learning_rate"] = 0.01
        );
        study.Add(
            "b",
            Factor("0.1"),
            1,
            2,
            epoch => MadeUpStudy.Learning(epoch, 0.1, 0.8, 1),
            json => json["trainer"]!["optimizer"] = JsonNode.Parse("""{ "learning_rate": 0.1, "momentum": 0.9, "name": "SGD" }""")
        );
        study.Add(
            "c",
            Factor("0.1"),
            1,
            2,
            epoch => MadeUpStudy.Learning(epoch, 0.1, 0.8, 1),
            json => (json["trainer"]!["optimizer"]!["learning_rate"], json["model"]!["options"]!["activation"]) = (0.1, "tanh")
        );
        var options = study.Open().Report().Options;

        Assert.Equal(
            [
                ("optimizer", "Adam (a, c); SGD (b)", "none"),
                ("optimizer learning rate", "0.01 (a); 0.1 (b, c)", "learning rate"),
                ("model activation", "relu (a, b); tanh (c)", "none"),
            ],
            options.Differing
        );
        Assert.Equal(
            "These differ, though they go with no factor: optimizer, model activation. What is compared may be their doing.",
            options.Warning
        );
        Assert.Equal(
            [
                (
                    "training",
                    "epochs 2, batch size 64, clip gradient norm none, loss cross_entropy, metrics accuracy, "
                        + "augmentations none, shuffle yes"
                ),
                ("optimizer", "beta1 0.9 (Adam), epsilon 1e-8 (Adam), parameter groups none (Adam), momentum 0.9 (SGD)"),
                ("schedule", "ConstantSchedule, warmup steps 0"),
                ("model", "LeNet, fc1 size 120"),
            ],
            options.Held
        );
    }

    [Fact]
    public void Facts_SayDataMachineAndTimes_AndWhereTheyDiffer()
    {
        using var folder = new TempFolder();
        var study = Made(folder)
            .Add(
                "late",
                Factor("1"),
                1,
                2,
                epoch => MadeUpStudy.Learning(epoch, 0.1, 0.5, 1),
                json => (json["threads"], json["started"]) = (2, "2026-05-04T12:00:00+02:00")
            );
        var facts = study.Open().Report().Facts.ToDictionary(fact => fact.Name, fact => fact.Value);
        Assert.Equal("cifar10: 50,000 training, 10,000 test samples", facts["data"]);
        Assert.Equal("3 × 32 × 32 (channels, height, width)", facts["images"]);
        Assert.Equal("1 (4 trials); 2 (1 trial)", facts["threads a trial"]);
        Assert.Equal(("Debian", "0.1.0", "2"), (facts["operating system"], facts["VisionSeqModels"], facts["processors"]));
        Assert.Equal(
            ("2026-05-04 10:00:00 +02:00", "2026-05-04 12:00:20 +02:00"),
            (facts["first trial begun"], facts["last trial ended"])
        );
    }

    [Fact]
    public void LongFailure_StaysOutOfTheTable_AndOnOneLineOfMarkdown()
    {
        using var folder = new TempFolder();
        string failure = "first line\n| second *line* <script>" + new string('x', 5000);
        Made(folder).AddFailure("broken", Factor("1"), 1, failure).Open().WriteReport();
        string markdown = File.ReadAllText(folder["report.md"]),
            html = File.ReadAllText(folder["report.html"]);
        Assert.Contains(
            "| broken | 1 |  |  |  | 0 |  |  |  |  | undecided (0 of 2 pairs) | failed |\n",
            markdown,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "- broken, seed 1: failed: first line \\| second \\*line\\* &lt;script>xxx",
            markdown,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(new string('x', 2000), markdown, StringComparison.Ordinal);
        Assert.Contains("<td class=\"word\">failed</td>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>xxx", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(100, 500)]
    public void LargeStudy_IsASmallPage_WithALineForEachTrial_TheBestFirst(int trials, int epochs)
    {
        using var folder = new TempFolder();
        var study = new MadeUpStudy(folder.Root);
        foreach (int i in Enumerable.Range(0, trials))
        {
            double rate = 0.0001 * (i + 1);
            study.Add(
                $"learning rate {rate.ToString("0.0000", CultureInfo.InvariantCulture)}, and more",
                Factor(rate.ToString(CultureInfo.InvariantCulture)),
                1,
                epochs,
                epoch => MadeUpStudy.Learning(epoch, 0.02, 0.5 + (0.004 * i), trials)
            );
        }

        var report = study.Open().Report();
        StudyPage.Of(report).Save(folder["report.html"]);

        string html = File.ReadAllText(folder["report.html"]);
        Assert.InRange(new FileInfo(folder["report.html"]).Length, 100_000, MostBytes);
        Assert.Equal(4 * (trials + 24), Lines().Count(html));
        Assert.Contains("The 24 best settings of 100, each by itself: accuracy by epoch", html, StringComparison.Ordinal);
        Assert.Equal(
            ("learning rate 0.0100, and more", "learning rate 0.0001, and more"),
            (report.Table.Cells[0][0], report.Summary.First.Name)
        );
        Assert.Equal(0, Circles().Count(html));
        Assert.Equal(epochs > 100, html.Contains("Drawn is one epoch in ", StringComparison.Ordinal));
        Assert.Equal(32, Enumerable.Range(0, 100).Select(SvgChart.Style).Distinct().Count());
    }

    [Fact]
    public void TrialsThatEndAlike_StandTogether_WithTheEpochsTheyDid()
    {
        using var folder = new TempFolder();
        var study = Made(folder);
        foreach (int i in Enumerable.Range(1, 6))
        {
            study.Add(
                $"short {i}",
                Factor("1"),
                1,
                2,
                epoch => MadeUpStudy.Learning(epoch, 0.1, 0.5, i),
                json => (json["status"], json["stop_message"]) = ("stopped_early", "no better for 2 epochs")
            );
        }

        var report = study.Open().Report();
        Assert.Equal(
            (
                "6 trials: short 1, seed 1; short 2, seed 1; short 3, seed 1; short 4, seed 1 and 2 more",
                "stopped early: no better for 2 epochs"
            ),
            Assert.Single(report.Notes.Ends)
        );
        int column = report.Table.Columns.ToList().IndexOf("epochs");
        Assert.Equal(("5", "2"), (report.Table.Cells[0][column], report.Table.Cells[2][column]));
    }

    [Fact]
    public void LossFarAboveTheOthers_DoesNotPressThemFlat()
    {
        Curve Of(double first, double last) => new(0, "a", "a", [(1, first), (2, last)]);
        var cut = CurveAxes.Of("test_loss", [Of(2.3, 0.5), Of(2.2, 0.4), Of(1e30, 5)], 5, 5);
        Assert.Equal((true, 0, 2.5), (cut.IsCut, cut.Values.First, cut.Values.Last));
        Assert.Equal(" (lines above 2.5 are cut off)", cut.CutText);
        Assert.Equal(
            (false, ""),
            (
                CurveAxes.Of("test_loss", [Of(2.3, 0.5), Of(9, 0.4)], 5, 5).IsCut,
                CurveAxes.Of("test_loss", [Of(2.3, 0.5)], 5, 5).CutText
            )
        );
        Assert.Equal(1, CurveAxes.Of("test_accuracy", [Of(0.01, 0.02), Of(0.01, 0.02), Of(0.5, 0.9)], 5, 5).Values.Last);
    }

    [Fact]
    public void StudyWithoutAnyEpoch_HasAReportAllTheSame()
    {
        using var folder = new TempFolder();
        new MadeUpStudy(folder.Root).AddFailure("one", Factor("1"), 1, "no such model").Open().WriteReport();
        string markdown = File.ReadAllText(folder["report.md"]);
        Assert.Contains("No trial has ended well.", markdown, StringComparison.Ordinal);
        Assert.Contains("No trial has finished an epoch.", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg class=\"chart", File.ReadAllText(folder["report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_IsTheSameInAnyCulture()
    {
        using var folder = new TempFolder();
        var study = Made(folder).Open();
        var before = CultureInfo.CurrentCulture;
        string Written(string culture)
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            study.WriteReport();
            return File.ReadAllText(folder["report.html"]) + File.ReadAllText(folder["report.md"]);
        }

        try
        {
            Assert.Equal(Written(""), Written("de-DE"));
            Assert.Equal(Written(""), Written("ar-SA"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static MadeUpStudy Made(TempFolder folder)
    {
        var study = new MadeUpStudy(folder.Root);
        foreach (long seed in new long[] { 1, 2 })
        {
            study.Add(
                "a",
                Factor("0.01"),
                seed,
                5,
                epoch => MadeUpStudy.Learning(epoch, 0.5, 0.7, (int)seed),
                json => json["seconds"] = 40.0
            );
            study.Add("b", Factor("0.1"), seed, 5, epoch => MadeUpStudy.Learning(epoch, 0.9, 0.85, (int)seed));
        }

        return study;
    }

    private static Dictionary<string, string> Factor(string value) => new() { ["learning rate"] = value };

    [GeneratedRegex("<path class=\"dot[^>]*><title>")]
    private static partial Regex Circles();

    [GeneratedRegex("<polyline ")]
    private static partial Regex Lines();

    [GeneratedRegex(@"!\[[^\]]+\]\(([^)]+)\)")]
    private static partial Regex Pictures();
}
